#include "traces/shrink.h"

#include <algorithm>
#include <map>
#include <optional>

#include "model/sorts.h"
#include "traces/text.h"

namespace hmm {
namespace {

// What fails() says of some steps, and what is left of them once the rejected ones are dropped.
struct Judge {
  std::function<bool(const PlainSteps&)> fails;
  std::function<PlainSteps(const PlainSteps&)> effective;
};

// Leaving two steps out at once is tried up to this length; it takes quadratically many runs.
constexpr std::size_t kPairsUpTo = 64, kRunsUpTo = 24;

// Numbers things in the order in which they are first asked for.
class FirstUse {
 public:
  unsigned operator()(unsigned old) {
    return seen_.try_emplace(old, static_cast<unsigned>(seen_.size())).first->second;
  }

 private:
  std::map<unsigned, unsigned> seen_;
};

// Exchanging two names that stand for nothing but themselves changes no story: two processes, two
// slots of a table, two frames of a zone. They are renamed all at once, or those of one sort.
class Renaming {
 public:
  // What has names: nothing else is renamed. Frames have the noun pfn, whichever zone they are in.
  struct Named {
    Noun noun = Noun::flag;
    Size of = nullptr;
    friend bool operator==(const Named&, const Named&) = default;
  };
  static Named named(const Sort& sort) { return {sort.noun, sort.of}; }
  static bool has_names(Noun noun) {
    switch (noun) {
      case Noun::mm:
      case Noun::vpn:
      case Noun::pfn:
      case Noun::device:
      case Noun::file:
      case Noun::token:
      case Noun::slot:
        return true;
      case Noun::region:  // has its place among the others
      case Noun::flag:
      case Noun::enumerator:
      case Noun::count:
        return false;
    }
    return false;
  }

  // Everything, or only what is `only`.
  Renaming(const Scope& scope, std::optional<Named> only)
      : zones_(zones_of(scope)), only_(std::move(only)) {
    // The first address space is the one that is alive at the start; token 0 is the zero page's.
    first_use(named(sort::mm))(0);
    first_use(named(sort::token))(0);
  }

  unsigned renamed(const Sort& sort, unsigned value) {
    if (!has_names(sort.noun)) return value;
    if (sort.noun == Noun::pfn) return pfn(value);
    return name(named(sort), value);
  }

 private:
  bool renames(const Named& what) const { return !only_ || *only_ == what; }
  FirstUse& first_use(const Named& what) {
    for (auto& [known, names] : names_)
      if (known == what) return names;
    return names_.emplace_back(what, FirstUse{}).second;
  }
  unsigned name(const Named& what, unsigned value) {
    return renames(what) ? first_use(what)(value) : value;
  }
  // A frame stays in its zone, and goes where its device goes.
  unsigned pfn(unsigned old) {
    const Zone* const zone = zone_of(zones_, old);
    if (zone == nullptr) return old;
    unsigned index = old - zone->pfns.first;
    if (renames(named(sort::pfn))) index = frames_[zone - zones_.begin()](index);
    if (!zone->is_owned()) return zone->pfns.first + index;
    const unsigned owner = name(named(sort::device), zone->owner);
    for (const Zone& other : zones_)
      if (other.is_owned() && other.owner == owner) return other.pfns.first + index;
    return old;
  }

  Zones zones_;
  std::optional<Named> only_;
  std::vector<std::pair<Named, FirstUse>> names_;
  std::map<std::ptrdiff_t, FirstUse> frames_;  // by zone
};

class Shrinker {
 public:
  Shrinker(const Scope& scope, PlainSteps steps, const Judge& judge)
      : scope_(scope), steps_(std::move(steps)), judge_(judge) {}

  // Every change that is kept makes the steps fewer, or else smaller in dictionary order, so this
  // ends; and it ends where no pass changes anything, so doing it again changes nothing.
  PlainSteps run() {
    if (!judge_.fails(steps_)) return steps_;
    while (drop_rejected() || drop_chunks() || drop_pairs() || lower_values() || rename() ||
           exchange_neighbours() || drop_runs_with_a_change()) {
    }
    return steps_;
  }

 private:
  bool keep(PlainSteps candidate) {
    if (candidate.size() > steps_.size()) return false;
    if (candidate.size() == steps_.size() && candidate >= steps_) return false;
    if (!judge_.fails(candidate)) return false;
    steps_ = std::move(candidate);
    return true;
  }

  bool drop_rejected() { return keep(judge_.effective(steps_)); }

  bool drop(std::size_t first, std::size_t count) {
    PlainSteps candidate = steps_;
    const auto from = candidate.begin() + static_cast<std::ptrdiff_t>(first);
    candidate.erase(from, from + static_cast<std::ptrdiff_t>(count));
    return keep(std::move(candidate));
  }

  // From the end, as what follows the failure goes in the largest chunks.
  bool drop_chunks() {
    bool any = false;
    for (std::size_t size = std::max<std::size_t>(1, steps_.size() / 2); size >= 1; size /= 2) {
      for (std::size_t end = steps_.size(); end > 0;) {
        const std::size_t first = end > size ? end - size : 0;
        if (drop(first, end - first)) {
          any = true;
          drop_rejected();
        }
        end = std::min(first, steps_.size());
      }
    }
    return any;
  }

  bool drop_pairs() {
    if (steps_.size() > kPairsUpTo) return false;
    for (std::size_t i = 0; i < steps_.size(); ++i)
      for (std::size_t j = i + 1; j < steps_.size(); ++j) {
        PlainSteps candidate = steps_;
        candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(j));
        candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(i));
        if (keep(std::move(candidate))) return true;
      }
    return false;
  }

  // What one step does at once may have taken several: mmap() with rights, or without and then
  // mprotect(). So a step gets other values, and some of the steps after it go.
  bool drop_runs_with_a_change() {
    if (steps_.size() > kRunsUpTo) return false;
    for (std::size_t changed = 0; changed < steps_.size(); ++changed) {
      const PlainStep was = steps_[changed];
      for (PlainStep other = lowest(was);;) {
        if (other != was && drop_a_run_with(changed, other)) return true;
        if (!advance(other)) break;
      }
    }
    return false;
  }
  bool drop_a_run_with(std::size_t changed, const PlainStep& other) {
    for (std::size_t first = changed + 1; first < steps_.size(); ++first)
      for (std::size_t end = first + 1; end <= steps_.size(); ++end) {
        PlainSteps candidate = steps_;
        candidate[changed] = other;
        candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(first),
                        candidate.begin() + static_cast<std::ptrdiff_t>(end));
        if (keep(std::move(candidate))) return true;
      }
    return false;
  }
  Range range_of_value(const PlainStep& step, std::size_t field) const {
    return range_of(step_shapes().at(step.kind).fields[field].sort, scope_);
  }
  PlainStep lowest(PlainStep step) const {
    for (std::size_t f = 0; f < step.values.size(); ++f)
      step.values[f] = range_of_value(step, f).first;
    return step;
  }
  // The next of the step's values, in dictionary order; false after the last.
  bool advance(PlainStep& step) const {
    for (std::size_t f = step.values.size(); f-- > 0;) {
      const Range range = range_of_value(step, f);
      if (++step.values[f] - range.first < range.count) return true;
      step.values[f] = range.first;
    }
    return false;
  }

  bool lower_values() {
    bool any = false;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const auto& fields = step_shapes().at(steps_[i].kind).fields;
      for (std::size_t f = 0; f < fields.size(); ++f)
        for (unsigned v = range_of(fields[f].sort, scope_).first; v < steps_[i].values[f]; ++v) {
          PlainSteps candidate = steps_;
          candidate[i].values[f] = v;
          if (!keep(std::move(candidate))) continue;
          any = true;
          break;
        }
    }
    return any;
  }

  bool rename() {
    if (keep(renamed(std::nullopt))) return true;
    std::vector<Renaming::Named> sorts;
    for (const auto& step : steps_)
      for (const auto& field : step_shapes().at(step.kind).fields) {
        const auto one = Renaming::named(field.sort);
        if (!Renaming::has_names(one.noun)) continue;
        if (std::find(sorts.begin(), sorts.end(), one) == sorts.end()) sorts.push_back(one);
        // A frame says whose memory it is.
        const auto owner = Renaming::named(sort::device);
        if (one.noun == Noun::pfn && std::find(sorts.begin(), sorts.end(), owner) == sorts.end())
          sorts.push_back(owner);
      }
    bool any = false;
    for (const auto& one : sorts) any |= keep(renamed(one));
    return any;
  }
  // The steps as they are if the new names do not fit everywhere: not every mm is mirrored.
  PlainSteps renamed(std::optional<Renaming::Named> only) const {
    Renaming renaming(scope_, only);
    PlainSteps out = steps_;
    for (auto& step : out) {
      const auto& fields = step_shapes().at(step.kind).fields;
      for (std::size_t f = 0; f < fields.size(); ++f) {
        step.values[f] = renaming.renamed(fields[f].sort, step.values[f]);
        const Range legal = range_of(fields[f].sort, scope_);
        if (!legal.has(step.values[f])) return steps_;
      }
    }
    return out;
  }

  // Independent steps come in the order of Step's alternatives.
  bool exchange_neighbours() {
    bool any = false;
    for (std::size_t i = 1; i < steps_.size(); ++i) {
      PlainSteps candidate = steps_;
      std::swap(candidate[i - 1], candidate[i]);
      any |= keep(std::move(candidate));
    }
    return any;
  }

  const Scope& scope_;
  PlainSteps steps_;
  const Judge& judge_;
};

}  // namespace

PlainSteps shrink(Machine& machine, const Profile& k, const PlainSteps& steps,
                  const std::function<bool(const PlainSteps&)>& fails, const Leaves* start) {
  const auto effective = [&](const PlainSteps& candidate) {
    machine.restart(start);
    PlainSteps kept;
    for (const auto& step : candidate)
      if (takes_effect(machine.take(k, step))) kept.push_back(step);
    return kept;
  };
  const Judge judge{fails, effective};
  return Shrinker(machine.scope(), steps, judge).run();
}

}  // namespace hmm
