#include "properties/engines/rapid.h"

#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>

#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "properties/engines/rapid_draw.h"

namespace hmm {
namespace {

// The steps that differ from one in a value that is smaller.
class SmallerValues {
 public:
  SmallerValues(const Scope& scope, const PlainStep& step) : scope_(scope), step_(step) { lower(); }
  rc::Maybe<PlainStep> operator()() {
    for (; field_ < step_.values.size(); ++field_, lower())
      if (auto value = lower_.next()) {
        PlainStep smaller = step_;
        smaller.values[field_] = *value;
        return smaller;
      }
    return rc::Nothing;
  }

 private:
  void lower() {
    if (field_ == step_.values.size()) return;
    const Range range = range_of(step_infos()[step_.kind].fields[field_].sort, scope_);
    lower_ = rc::shrink::towards(step_.values[field_], static_cast<unsigned>(range.first));
  }

  Scope scope_;
  PlainStep step_;
  std::size_t field_ = 0;
  rc::Seq<unsigned> lower_;
};

// What RapidCheck draws and makes smaller are the steps themselves. So whether a smaller value
// fails depends on it alone, and not on what earlier sequences have come by, as what is drawn next
// does.
class Rapid {
  static constexpr unsigned kEpisode = 20;  // draws from one start to the next

 public:
  Rapid(std::string_view scope, const Profile& k, const RapidOptions& options)
      : k_(k),
        options_(options),
        wanted_(options.properties),
        undecided_(options.overrides),
        machine_(machine_at(scope)),
        other_(machine_at(scope)) {
    result_.taken.resize(step_infos().size());
  }

  RapidResult run() {
    while (result_.sequences < options_.sequences && result_.draws < options_.draws && !is_over()) {
      if (!sequence()) break;
      if (options_.progress) options_.progress(result_.sequences);
    }
    if (result_.bad == 0 && result_.weak.bad != 0) {
      result_.bad = result_.weak.bad;
      result_.counterexample = std::exchange(result_.weak, {}).steps;
      result_.found_in = weak_in_;
    }
    for (const auto& one : undecided_) result_.undecided.push_back(one.name);
    result_.seconds = seconds();
    return result_;
  }

 private:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }
  bool is_over() const { return options_.stop.stop_requested() || seconds() >= options_.seconds; }

  // False once what was asked for is violated.
  bool sequence() {
    const rc::Gen<PlainSteps> gen(
        [this](const rc::Random& random, int) { return shrinkable(drawn(random)); });
    const auto value = gen(rc::Random({options_.seed, ++result_.sequences, 0, 0}));
    const PropertySet bad = judged(value.value());
    if (bad == 0) return true;
    const PlainSteps small = shrunk(value, first_of(bad));
    const PropertySet now = judged(small);
    if ((now & promises()) == 0 && (wanted_ & promises()) != 0) {
      result_.weak = {now, small};
      weak_in_ = result_.sequences;
      wanted_ &= promises();
      return true;
    }
    result_.bad = now;
    result_.counterexample = small;
    result_.found_in = result_.sequences;
    return false;
  }

  // The steps since the sequence last began anew, up to the first that violates what is wanted.
  PlainSteps drawn(const rc::Random& random) {
    Drawer drawer(*machine_, *other_, k_, memory_, random);
    PlainSteps run = begun(drawer);
    unsigned left = kEpisode, i = 0;
    const std::uint64_t before = result_.effective;
    for (; i < options_.length && result_.draws < options_.draws && !is_over(); ++i) {
      ++result_.draws;
      std::optional<PlainStep> step;
      if (left > 0 && machine_->is_in_range()) step = drawer.draw(run);
      if (!step) {
        run = begun(drawer);
        left = kEpisode;
        continue;
      }
      --left;
      take(*step);
      run.push_back(*step);
      if (machine_->violated(k_, wanted_) != 0) break;
      if (result_.way_out.empty() && !machine_->is_in_range()) result_.way_out = run;
    }
    if (i == options_.length) result_.fewest = std::min(result_.fewest, result_.effective - before);
    return run;
  }
  // Takes the machine to where the drawer begins.
  PlainSteps begun(Drawer& drawer) const {
    PlainSteps run = drawer.start();
    machine_->restart(nullptr);
    for (const auto& step : run) machine_->take(k_, step);
    return run;
  }

  void take(const PlainStep& step) {
    if (!undecided_.empty()) {
      const Leaves before = machine_->leaves();
      const PlainSteps enabled = machine_->enabled(k_);
      machine_->take(k_, step);
      std::erase_if(undecided_, [&](const Override& one) {
        other_->restart(&before);
        if (other_->enabled(one.without) != enabled) return true;
        other_->take(one.without, step);
        return other_->leaves() != machine_->leaves();
      });
    } else {
      machine_->take(k_, step);
    }
    ++result_.effective;
    ++result_.taken[step.kind];
  }

  PropertySet judged(const PlainSteps& steps) const {
    return first_violation(*machine_, k_, steps, wanted_);
  }

  // Fewer steps, or smaller values.
  rc::Shrinkable<PlainSteps> shrinkable(PlainSteps steps) const {
    const auto smaller_values = [scope = machine_->scope()](const PlainStep& step) {
      return rc::makeSeq<SmallerValues>(scope, step);
    };
    return rc::shrinkable::shrinkRecur(std::move(steps), [=](const PlainSteps& from) {
      return rc::seq::concat(rc::shrink::removeChunks(from),
                             rc::shrink::eachElement(from, smaller_values));
    });
  }

  PlainSteps shrunk(rc::Shrinkable<PlainSteps> from, PropertySet bad) const {
    for (bool smaller = true; smaller;) {
      smaller = false;
      auto shrinks = from.shrinks();
      for (auto next = shrinks.next(); next && !smaller && !is_over(); next = shrinks.next())
        if (first_violation(*machine_, k_, next->value(), bad) != 0) {
          from = *next;
          smaller = true;
        }
    }
    return from.value();
  }

  const Profile& k_;
  const RapidOptions& options_;
  PropertySet wanted_;  // once a strengthening is broken, promises only
  std::vector<Override> undecided_;
  std::unique_ptr<JudgedMachine> machine_, other_;
  Memory memory_;
  RapidResult result_;
  std::uint64_t weak_in_ = 0;  // the number of the sequence of result_.weak
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

RapidResult rapid(std::string_view scope, const Profile& k, const RapidOptions& options) {
  if (machine_at(scope) == nullptr)
    throw std::invalid_argument("no machine is built for scope " + std::string(scope));
  return Rapid(scope, k, options).run();
}

}  // namespace hmm
