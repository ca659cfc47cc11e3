#include "tools/runs/kernel_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>

#include "model/defects.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "traces/conform.h"
#include "traces/text.h"

namespace hmm {

std::vector<std::string> common_defects(const Profile& a, const Profile& b) {
  std::vector<std::string> names;
  for (const Defect& defect : kDefects) {
    const auto at = switch_named(defect.name)->at;
    if (defect.breaks[0] != nullptr && a.*at && b.*at) names.emplace_back(defect.name);
  }
  return names;
}

std::pair<Profile, Profile> without_common_defects(Profile a, Profile b) {
  for (const auto& name : common_defects(a, b)) {
    const auto at = switch_named(name)->at;
    a.*at = b.*at = false;
  }
  return {a, b};
}

namespace {

// How many states are looked at where a promise is broken, by how many the other kernel has: what
// comes after may not end.
std::uint64_t most_beyond(std::uint64_t states) {
  return states + std::min<std::uint64_t>(2 * states, 20'000'000) + 1'000'000;
}

bool has_proofs_at(std::string_view scope, const Profile& a, const Profile& b) {
  return is_built(scope, Engine::prove, a.rules) && is_built(scope, Engine::prove, b.rules);
}

class Differ {
 public:
  Differ(const Profile& a, const Profile& b, const DiffOptions& options)
      : options_(options), a_(a), b_(b) {}

  KernelDiff run() {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& scope : options_.scopes) explore_at(scope);
    if (!options_.prove.empty()) prove();
    auto& scopes = out_.scopes_not_to_the_end;
    std::sort(scopes.begin(), scopes.end());
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
    out_.is_complete = scopes.empty() && out_.steps_not_proved.empty();
    if (!(a_ == b_)) note_not_compared();
    out_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(out_);
  }

 private:
  void explore_at(const std::string& scope) {
    ExploreOptions options = options_of_search();
    options.other = b_;
    if (options_.first && !is_told_)
      options.first_difference = [&](const Difference& one) { tell(scope, one); };
    const std::size_t before = out_.broken_in_a.size();
    const ExploreResult in_a = search(a_, scope, options, out_.broken_in_a);
    out_.edges += in_a.edges;
    for (const auto& one : in_a.differences) note(scope, one);
    KernelDiff::Searched searched{scope, in_a.complete, in_a.complete};
    if (a_ == b_) {
      out_.broken_in_b.insert(out_.broken_in_b.end(),
                              out_.broken_in_a.begin() + static_cast<std::ptrdiff_t>(before),
                              out_.broken_in_a.end());
    } else {
      // Also where no step goes another way: what is promised may.
      options = options_of_search();
      options.max_beyond = most_beyond(in_a.states);
      searched.b = search(b_, scope, options, out_.broken_in_b).complete;
    }
    out_.searched.push_back(searched);
  }

  ExploreOptions options_of_search() const {
    ExploreOptions options;
    options.properties = promises();
    options.every_violation = true;
    options.threads = options_.threads;
    options.stop = options_.stop;
    return options;
  }

  void tell(const std::string& scope, const Difference& one) {
    is_told_ = true;
    options_.first({scope, one});
  }

  // Notes each promise that breaks.
  ExploreResult search(const Profile& k, const std::string& scope, const ExploreOptions& options,
                       std::vector<FoundBroken>& broken) {
    ExploreResult r = explore(scope, k, options);
    std::stable_sort(r.violations.begin(), r.violations.end(),
                     [](const auto& x, const auto& y) { return x.steps.size() < y.steps.size(); });
    for (const auto& one : r.violations) broken.push_back({scope, one.bad, one.steps});
    if (!r.complete) out_.scopes_not_to_the_end.push_back(scope);
    return r;
  }

  void note_not_compared() {
    for (std::size_t step = 0; step < step_infos().size(); ++step) {
      const bool is_asked =
          !out_.proofs.empty() && out_.proofs[step].answer != Answer::out_of_scope;
      const bool is_seen =
          std::any_of(out_.searched.begin(), out_.searched.end(), [&](const auto& one) {
            return !step_infos()[step].is_out_of_scope(scope_named(one.scope)->scope);
          });
      if (!is_asked && !is_seen) out_.not_compared.emplace_back(step_infos()[step].name);
    }
  }

  void note(const std::string& scope, const Difference& one) {
    for (auto& known : out_.differences)
      if (known.what.kind == one.kind && known.what.a == one.a && known.what.b == one.b) {
        if (one.steps.size() < known.what.steps.size()) {
          known.scope = scope;
          known.what.steps = one.steps;
        }
        known.what.edges += one.edges;
        return;
      }
    out_.differences.push_back({scope, one});
  }

  void prove() {
    CompareOptions options;
    options.timeout_ms = options_.timeout_ms;
    options.threads = options_.threads;
    options.stop = options_.stop;
    out_.proofs = compare_steps(options_.prove, a_, b_, options);
    out_.proved_at = options_.prove;
    std::vector<std::string> at(out_.proofs.size(), options_.prove);
    if (options_.prove_elsewhere) prove_elsewhere(options, at);
    for (const auto& one : out_.proofs)
      if (one.answer == Answer::unknown)
        out_.steps_not_proved.emplace_back(step_infos()[one.step].name);
    for (std::size_t i = 0; i < at.size(); ++i)
      if (const auto& one = out_.proofs[i];
          one.answer == Answer::refuted &&
          std::none_of(out_.differences.begin(), out_.differences.end(),
                       [&](const auto& found) { return found.what.kind == one.step; }))
        out_.proved_only.push_back({at[i], one, std::nullopt});
    ask_what_breaks();
  }

  // By threads that have a step each: the proofs of one are few.
  void ask_what_breaks() {
    std::atomic<std::size_t> next{0};
    std::vector<std::future<void>> workers;
    for (unsigned t = 0; t < options_.threads; ++t)
      workers.push_back(std::async(std::launch::async, [&] {
        for (std::size_t i; (i = next++) < out_.proved_only.size();)
          out_.proved_only[i].may_break = may_break(out_.proved_only[i].what.step);
      }));
    for (auto& worker : workers) worker.get();
  }

  // What the scope has none of, at the first other one that has.
  void prove_elsewhere(CompareOptions options, std::vector<std::string>& at) {
    for (const auto& scope : kScopes) {
      if (!has_proofs_at(scope.name, a_, b_) || scope.name == options_.prove) continue;
      bool is_asked = false;
      for (std::size_t i = 0; i < at.size(); ++i) {
        auto& one = out_.proofs[i];
        const StepInfo& step = step_infos()[one.step];
        if (one.answer != Answer::out_of_scope || step.is_out_of_scope(scope.scope)) continue;
        options.only_step = step.name;
        one = compare_steps(scope.name, a_, b_, options).front();
        at[i] = scope.name;
        is_asked = true;
      }
      if (is_asked) out_.proved_at += std::string(" or ") + scope.name;
    }
  }

  std::optional<PropertySet> may_break(std::size_t step) const {
    for (const Profile* k : {&a_, &b_})
      if (!is_built("pair", Engine::prove, k->rules)) return std::nullopt;
    CompareOptions options;
    options.only_step = step_infos()[step].name;
    options.threads = 1;
    options.stop = options_.stop;
    if (compare_steps("pair", a_, b_, options).front().answer != Answer::refuted)
      return std::nullopt;
    const auto in_b = broken_by(b_, step, promises());
    if (!in_b || *in_b == 0) return in_b;
    const auto in_a = broken_by(a_, step, *in_b);
    if (!in_a) return std::nullopt;
    return *in_b & ~*in_a;
  }

  // Those of the promises that the step does not preserve, where all properties hold; nothing if a
  // proof came to no end.
  std::optional<PropertySet> broken_by(const Profile& k, std::size_t step,
                                       PropertySet asked) const {
    ProveOptions options;
    options.properties = asked;
    options.only_step = step_infos()[step].name;
    options.timeout_ms = options_.timeout_ms;
    options.threads = 1;
    options.stop = options_.stop;
    PropertySet broken = 0;
    for (const auto& one : hmm::prove("pair", k, options).results) {
      if (one.step != step) continue;
      if (one.answer == Answer::unknown) return std::nullopt;
      if (one.answer == Answer::refuted) broken |= PropertySet{1} << one.property;
    }
    return broken;
  }

  const DiffOptions& options_;
  const Profile &a_, &b_;
  KernelDiff out_;
  bool is_told_ = false;  // of the first difference
};

}  // namespace

bool KernelDiff::is_same() const {
  return differences.empty() && std::none_of(proofs.begin(), proofs.end(), [](const auto& one) {
           return one.answer == Answer::refuted;
         });
}

namespace {

bool has_promise(const std::vector<FoundBroken>& broken, PropertySet promise) {
  return std::any_of(broken.begin(), broken.end(),
                     [&](const auto& one) { return one.promise == promise; });
}

// Of each promise that breaks in the one kernel only, the first at a scope where the other one's
// search ended, or did not.
std::vector<FoundBroken> only_in(const std::vector<FoundBroken>& in,
                                 const std::vector<FoundBroken>& not_in,
                                 const std::vector<KernelDiff::Searched>& searched,
                                 bool KernelDiff::Searched::*other, bool ended) {
  std::vector<FoundBroken> only, not_ended;
  for (const auto& one : in) {
    const auto at = std::find_if(searched.begin(), searched.end(),
                                 [&](const auto& here) { return here.scope == one.scope; });
    auto& known = at != searched.end() && (*at).*other ? only : not_ended;
    if (!has_promise(not_in, one.promise) && !has_promise(known, one.promise)) known.push_back(one);
  }
  std::erase_if(not_ended, [&](const auto& one) { return has_promise(only, one.promise); });
  return ended ? only : not_ended;
}

const char* effect_of(Verdict v) { return takes_effect(v) ? "" : " (nothing happens)"; }

}  // namespace

std::vector<FoundBroken> KernelDiff::newly_broken() const {
  return only_in(broken_in_b, broken_in_a, searched, &Searched::a, true);
}
std::vector<FoundBroken> KernelDiff::mended() const {
  return only_in(broken_in_a, broken_in_b, searched, &Searched::b, true);
}
std::vector<NotKnown> KernelDiff::not_known() const {
  std::vector<NotKnown> all;
  for (auto& one : only_in(broken_in_b, broken_in_a, searched, &Searched::a, false))
    all.push_back({std::move(one), true});
  for (auto& one : only_in(broken_in_a, broken_in_b, searched, &Searched::b, false))
    all.push_back({std::move(one), false});
  return all;
}

std::string KernelDiff::rest() const {
  constexpr std::size_t kMost = 8;  // by name
  std::vector<std::string> parts = scopes_not_to_the_end;
  if (steps_not_proved.size() <= kMost)
    parts.insert(parts.end(), steps_not_proved.begin(), steps_not_proved.end());
  else
    parts.push_back(
        fmt::format("the proofs of {} of {} steps", steps_not_proved.size(), step_infos().size()));
  return joined(parts);
}

std::size_t KernelDiff::steps(Answer answer) const {
  return static_cast<std::size_t>(std::count_if(
      proofs.begin(), proofs.end(), [&](const auto& one) { return one.answer == answer; }));
}

std::string name_of(const Difference& what) {
  const auto name = step_infos()[what.kind].name;
  if (what.a == what.b) return fmt::format("{}: {}, to another state", name, name_of(what.a));
  return fmt::format("{}: {}{} -> {}{}", name, name_of(what.a), effect_of(what.a), name_of(what.b),
                     effect_of(what.b));
}

KernelDiff diff_kernels(const Profile& a, const Profile& b, const DiffOptions& options) {
  return Differ(a, b, options).run();
}

std::string in_words(const ProvedOnly& step, const std::string& kernel) {
  if (!step.may_break)
    return fmt::format(
        "what that breaks, if anything, `hmmcheck prove --scope {} --step {} {}` says", step.scope,
        step_infos()[step.what.step].name, kernel);
  if (*step.may_break == 0) return "from no such state it breaks a promise that it kept";
  return "from some such state it breaks " + joined(names_of_properties(*step.may_break));
}

std::string scope_of_proofs(const Profile& a, const Profile& b) {
  const auto has = [&](const std::string& scope) { return has_proofs_at(scope, a, b); };
  for (const char* scope : {"large", "pair"})
    if (has(scope)) return scope;
  const auto all = built_scopes(b.rules);
  const auto found = std::find_if(all.begin(), all.end(), has);
  return found == all.end() ? "" : *found;
}

BothSides both_sides(const FoundDifference& found, const Profile& a, const Profile& b) {
  const auto machine = machine_at(found.scope);
  machine->restart();
  const PlainSteps& steps = found.what.steps;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) machine->take(a, steps[i]);
  const Leaves before = machine->leaves();
  const StateText text(machine->scope());
  BothSides sides;
  sides.a = machine->take(a, steps.back());
  sides.rows_a = text.diff(before, machine->leaves());
  machine->restart(&before);
  sides.b = machine->take(b, steps.back());
  sides.rows_b = text.diff(before, machine->leaves());
  return sides;
}

std::string in_words(const DifferentCall& call) {
  std::string text = "recorded " + call.kernel;
  if (!call.a.empty()) text += ", with A " + call.a;
  if (!call.b.empty()) text += ", with B " + call.b;
  return text;
}

DifferentCalls different_calls(const Recording& recording, SwapKernel kernel, const Profile& a,
                               const Profile& b, const std::stop_token& stop) {
  DifferentCalls out;
  Recording one{recording.source, {}, {}};
  for (const auto& trace : recording.traces) {
    if (stop.stop_requested()) break;
    one.traces = {trace};
    ConformReport as_a, as_b;
    conform(one, {a, kernel, {}}, as_a);
    conform(one, {b, kernel, {}}, as_b);
    ++out.traces;
    out.unknown_in_a += as_a.not_to_the_end;
    out.unknown_in_b += as_b.not_to_the_end;
    const auto line_of = [](const ConformReport& r) {
      return r.divergences.empty() ? ~0u : r.divergences.front().line;
    };
    const unsigned line = std::min(line_of(as_a), line_of(as_b));
    if (line == ~0u) continue;
    // One that did not come as far made nothing of the call.
    const bool is_first_a = line_of(as_a) == line;
    const ConformReport &first = is_first_a ? as_a : as_b, &other = is_first_a ? as_b : as_a;
    if (other.not_to_the_end != 0 && other.judged < first.judged) continue;
    const auto of = [&](const ConformReport& r) {
      return line_of(r) == line ? r.divergences.front().model : std::string();
    };
    if (of(as_a) == of(as_b)) continue;
    const Divergence& d = first.divergences.front();
    out.calls.push_back({d.source, line, d.call, d.kernel, of(as_a), of(as_b)});
  }
  return out;
}

}  // namespace hmm
