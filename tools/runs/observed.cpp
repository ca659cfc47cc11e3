#include "tools/runs/observed.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_set>

#include "model/enumerations.h"
#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "traces/text.h"

namespace hmm {
namespace {

bool is_answer(Verdict v) {
  return v == Verdict::efault || v == Verdict::eperm || v == Verdict::sigbus;
}

std::string answer_of(Verdict v) {
  switch (v) {
    case Verdict::efault:
      return "-EFAULT";
    case Verdict::eperm:
      return "-EPERM";
    case Verdict::sigbus:
      return "SIGBUS";
    default:
      return std::string(name_of(v));
  }
}

// What a program sees of a state at a scope.
class Eyes {
 public:
  explicit Eyes(const Scope& scope) : text_(scope), scope_(scope) {}

  // The lines of pagemap, frames numbered by first appearance: an entry shows its type, which says
  // whether it may be written, a present page does not.
  std::vector<std::string> pagemap(const Leaves& state) const {
    std::vector<std::string> lines;
    std::map<unsigned, std::size_t> names;
    for (unsigned mm = 0; mm < scope_.mms; ++mm)
      for (unsigned vpn = 0; vpn < scope_.vpns; ++vpn) {
        const auto pte =
            row(state, fmt::format("pte mm={} vpn={} kind=none pfn=0 write=0", mm, vpn));
        std::string line = fmt::format("pagemap mm={} vpn={}: ", mm, vpn);
        line += print_row_value(pte, 0);
        if (pte[0] != 0) {
          if (pte[1] == 0) {
            lines.push_back(line + " zero page");
            continue;
          }
          const auto name = names.try_emplace(pte[1], names.size()).first->second;
          line += fmt::format(" page {}", name);
          if (print_row_value(pte, 0) != "present" && pte[2] != 0) line += " for writing";
        }
        if (scope_.soft_dirty_bits != 0 && is_soft_dirty(state, mm, vpn)) line += " soft-dirty";
        lines.push_back(std::move(line));
      }
    return lines;
  }

  // What the step, which is a load, returns in the state; nothing for any other step.
  std::optional<unsigned> loaded(const Leaves& state, const PlainStep& step) const {
    const auto name = step_infos()[step.kind].name;
    if (name == "cpu_load")
      return contents(state, row(state, fmt::format("pte mm={} vpn={} pfn=0", step.values[0],
                                                    step.values[1]))[0]);
    if (name == "device_load")
      return contents(state,
                      row(state, fmt::format("mirror device={} mm={} vpn={} pfn=0", step.values[0],
                                             step.values[1], step.values[2]))[0]);
    return std::nullopt;
  }

 private:
  std::vector<unsigned> row(const Leaves& state, const std::string& text) const {
    auto known = rows_.find(text);
    if (known == rows_.end())
      known = rows_.emplace(text, text_.parse_row(text, {"a row to look at"})).first;
    std::vector<unsigned> values;
    for (const auto& one : text_.read(state, known->second).values) values.push_back(one.value);
    return values;
  }
  std::string print_row_value(const std::vector<unsigned>& pte, std::size_t i) const {
    return std::string(kEnumeratorNames<PteKind>[pte.at(i)]);
  }
  bool is_soft_dirty(const Leaves& state, unsigned mm, unsigned vpn) const {
    return row(state, fmt::format("pte mm={} vpn={} soft_dirty=0", mm, vpn))[0] != 0 ||
           row(state, fmt::format("vma mm={} vpn={} soft_dirty=0", mm, vpn))[0] != 0;
  }
  unsigned contents(const Leaves& state, unsigned pfn) const {
    return pfn == 0 ? 0 : row(state, fmt::format("page pfn={} contents=0", pfn))[0];
  }

  StateText text_;
  Scope scope_;
  mutable std::map<std::string, PlainRow> rows_;
};

class Product {
 public:
  Product(const std::string& scope, const Profile& a, const Profile& b,
          const ObservedOptions& options)
      : scope_(scope),
        a_(a),
        b_(b),
        options_(options),
        machine_(machine_at(scope)),
        eyes_(machine_->scope()) {}

  // Whether what the difference leads to is seen already; it is gone on from if not.
  bool begin(const FoundDifference& from, ObservedResult& out) {
    machine_->restart();
    PlainSteps steps = from.what.steps;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) machine_->take(a_, steps[i]);
    const Leaves here = machine_->leaves();
    return go(here, here, steps.back(), kRoot, {steps.begin(), steps.end() - 1}, out);
  }

  void search(ObservedResult& out) {
    while (next_ < pairs_.size()) {
      if (pairs_.size() > options_.max_pairs || options_.stop.stop_requested()) return;
      const Pair here = pairs_[next_];
      for (const auto& step : enabled(here))
        if (go(here.a, here.b, step, next_, {}, out)) return;
      ++next_;
    }
    out.is_complete = !is_left_;
  }

  std::uint64_t pairs() const { return pairs_.size(); }

 private:
  static constexpr std::size_t kRoot = ~std::size_t{0};
  struct Pair {
    Leaves a, b;
    std::size_t parent;
    PlainStep step;
    PlainSteps before;  // of a root, the run to it
  };
  struct Took {
    Verdict verdict;
    Leaves after;
    bool is_in_range;
  };

  Took take(const Profile& k, const Leaves& from, const PlainStep& step) {
    machine_->restart(&from);
    const Verdict verdict = machine_->take(k, step);
    return {verdict, machine_->leaves(), machine_->is_in_range()};
  }

  PlainSteps enabled(const Pair& here) {
    machine_->restart(&here.a);
    PlainSteps steps = machine_->enabled(a_);
    machine_->restart(&here.b);
    for (auto& step : machine_->enabled(b_))
      if (std::find(steps.begin(), steps.end(), step) == steps.end()) steps.push_back(step);
    return steps;
  }

  // Takes the step in both. True if that is seen.
  bool go(const Leaves& from_a, const Leaves& from_b, const PlainStep& step, std::size_t parent,
          PlainSteps before, ObservedResult& out) {
    Took a = take(a_, from_a, step), b = take(b_, from_b, step);
    Observed seen{scope_, {}, "", "", ""};
    compare(a, b, step, seen);
    const bool is_seen = !seen.what.empty();
    if (is_seen) {
      seen.steps = path_to(parent, before);
      seen.steps.push_back(step);
      out.found = std::move(seen);
      return true;
    }
    if (a.after == b.after) return false;  // from here on they are one
    if (!a.is_in_range || !b.is_in_range) {
      is_left_ = true;  // nobody can say what comes
      return false;
    }
    if (known_
            .insert(std::string(a.after.begin(), a.after.end()) +
                    std::string(b.after.begin(), b.after.end()))
            .second)
      pairs_.push_back({std::move(a.after), std::move(b.after), parent, step, std::move(before)});
    return false;
  }

  void compare(const Took& a, const Took& b, const PlainStep& step, Observed& seen) const {
    const bool both = takes_effect(a.verdict) && takes_effect(b.verdict);
    if (both && a.verdict != b.verdict && (is_answer(a.verdict) || is_answer(b.verdict))) {
      seen.what = "what " + std::string(step_infos()[step.kind].name) + " ends in";
      seen.a = answer_of(a.verdict);
      seen.b = answer_of(b.verdict);
      return;
    }
    if (const auto in_a = eyes_.loaded(a.after, step), in_b = eyes_.loaded(b.after, step);
        both && in_a != in_b) {
      seen.what = "what " + std::string(step_infos()[step.kind].name) + " returns";
      seen.a = fmt::format("contents {}", *in_a);
      seen.b = fmt::format("contents {}", *in_b);
      return;
    }
    const auto map_a = eyes_.pagemap(a.after), map_b = eyes_.pagemap(b.after);
    const auto [x, y] = std::mismatch(map_a.begin(), map_a.end(), map_b.begin());
    if (x == map_a.end()) return;
    seen.what = x->substr(0, x->find(": "));
    seen.a = x->substr(x->find(": ") + 2);
    seen.b = y->substr(y->find(": ") + 2);
  }

  PlainSteps path_to(std::size_t pair, const PlainSteps& before) const {
    PlainSteps back;
    for (; pair != kRoot; pair = pairs_[pair].parent) {
      back.push_back(pairs_[pair].step);
      if (pairs_[pair].parent != kRoot) continue;
      PlainSteps path = pairs_[pair].before;
      path.insert(path.end(), back.rbegin(), back.rend());
      return path;
    }
    return before;
  }

  std::string scope_;
  const Profile &a_, &b_;
  const ObservedOptions& options_;
  std::unique_ptr<JudgedMachine> machine_;
  Eyes eyes_;
  std::deque<Pair> pairs_;
  std::unordered_set<std::string> known_;  // the leaves of both
  std::size_t next_ = 0;
  bool is_left_ = false;  // a pair led out of the ranges of the scope
};

}  // namespace

ObservedResult observe(const std::vector<FoundDifference>& from, const Profile& a, const Profile& b,
                       const ObservedOptions& options) {
  ObservedResult out;
  out.is_complete = true;
  std::set<std::string> scopes;
  for (const auto& one : from) scopes.insert(one.scope);
  for (const auto& scope : scopes) {
    Product product(scope, a, b, options);
    for (const auto& one : from)
      if (one.scope == scope && product.begin(one, out)) return out;
    ObservedResult here;
    product.search(here);
    out.pairs += product.pairs();
    if (here.found) {
      out.found = std::move(here.found);
      return out;
    }
    out.is_complete = out.is_complete && here.is_complete;
  }
  return out;
}

}  // namespace hmm
