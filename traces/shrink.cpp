#include "traces/shrink.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <map>

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

// Names that stand for nothing but themselves, so that exchanging two of them changes no story.
enum Name {
  kMm,
  kVpn,
  kDevice,
  kSystemPage,
  kDevicePage,
  kToken,
  kInvalidation,
  kMigration,
  kDeviceFault,
  kCpuFault,
  kNames
};
using Names = std::bitset<kNames>;

// Numbers things in the order in which they are first asked for.
class FirstUse {
 public:
  unsigned operator()(unsigned old) {
    return seen_.try_emplace(old, static_cast<unsigned>(seen_.size())).first->second;
  }

 private:
  std::map<unsigned, unsigned> seen_;
};

class Renaming {
 public:
  Renaming(const Scope& scope, Names which) : scope_(scope), which_(which) {
    // The first address space is the one that is alive at the start; token 0 is the zero page's.
    first_use_[kMm](0);
    first_use_[kToken](0);
  }

  unsigned renamed(Kind kind, unsigned value) {
    switch (kind) {
      case Kind::mm:
      case Kind::mirrored_mm:
        return name(kMm, value);
      case Kind::vpn:
        return name(kVpn, value);
      case Kind::device:
        return name(kDevice, value);
      case Kind::token:
        return name(kToken, value);
      case Kind::invalidation:
        return name(kInvalidation, value);
      case Kind::migration:
        return name(kMigration, value);
      case Kind::device_fault:
        return name(kDeviceFault, value);
      case Kind::cpu_fault:
        return name(kCpuFault, value);
      case Kind::pfn:
      case Kind::system_pfn:
      case Kind::device_pfn:
        return page(value);
      default:
        return value;
    }
  }

 private:
  unsigned name(Name what, unsigned value) {
    return which_[what] ? first_use_[what](value) : value;
  }
  // A page stays in its zone, and goes where its device goes.
  unsigned page(unsigned pfn) {
    const unsigned first = range_of(Kind::device_pfn, scope_).first;
    if (pfn == 0) return 0;
    if (pfn < first) return 1 + name(kSystemPage, pfn - 1);
    const unsigned device = (pfn - first) / scope_.device_pages;
    const unsigned old = (pfn - first) % scope_.device_pages;
    const unsigned index = which_[kDevicePage] ? device_pages_[device](old) : old;
    return first + name(kDevice, device) * scope_.device_pages + index;
  }

  const Scope& scope_;
  Names which_;
  std::array<FirstUse, kNames> first_use_;
  std::map<unsigned, FirstUse> device_pages_;
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
    return range_of(step_shapes().at(step.kind).fields[field].kind, scope_);
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
        for (unsigned v = range_of(fields[f].kind, scope_).first; v < steps_[i].values[f]; ++v) {
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
    if (keep(renamed(Names{}.set()))) return true;
    bool any = false;
    for (std::size_t name = 0; name < kNames; ++name) any |= keep(renamed(Names{}.set(name)));
    return any;
  }
  // The steps as they are if the new names do not fit everywhere: not every mm is mirrored.
  PlainSteps renamed(Names which) const {
    Renaming renaming(scope_, which);
    PlainSteps out = steps_;
    for (auto& step : out) {
      const auto& fields = step_shapes().at(step.kind).fields;
      for (std::size_t f = 0; f < fields.size(); ++f) {
        step.values[f] = renaming.renamed(fields[f].kind, step.values[f]);
        const Range legal = range_of(fields[f].kind, scope_);
        if (step.values[f] - legal.first >= legal.count) return steps_;
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
