#pragma once
#include <functional>

#include "model/run.h"
#include "traces/text.h"

// The shortest, canonical form of a run that fails.
namespace hmm {

using PlainSteps = std::vector<PlainStep>;

// What fails() says of some steps, and what is left of them once the rejected ones are dropped.
struct Judge {
  std::function<bool(const PlainSteps&)> fails;
  std::function<PlainSteps(const PlainSteps&)> effective;
};
PlainSteps shrink_plain(const Scope& scope, PlainSteps steps, const Judge& judge);

// Steps that still fail, and that fail no more if one or two of them are left out, if a value is
// made smaller, or if things are named more nearly in order of first use. They are a least form
// near the steps given, and not always the least of all: one bug may keep a few texts, where it
// takes two changes at once to come from one to the other.
//
// `fails(steps)` runs them from `start`, where a step that is rejected changes nothing, and must
// depend on the steps alone. What shrink() gives, shrink() gives back; and steps that do not fail
// come back as they are.
template <Scope S, class Fails>
std::vector<Step<Concrete<S>>> shrink(
    const Profile& k, const std::vector<Step<Concrete<S>>>& steps, Fails&& fails,
    const State<Concrete<S>>& start = initial_state<Concrete<S>>()) {
  const auto all_typed = [](const PlainSteps& from) {
    std::vector<Step<Concrete<S>>> to;
    for (const auto& step : from) to.push_back(typed<S>(step));
    return to;
  };
  Judge judge;
  judge.fails = [&](const PlainSteps& candidate) { return fails(all_typed(candidate)); };
  judge.effective = [&](const PlainSteps& candidate) {
    PlainSteps kept;
    State<Concrete<S>> s = start;
    for (const auto& step : candidate)
      if (takes_effect(take<Concrete<S>>(k, s, typed<S>(step)))) kept.push_back(step);
    return kept;
  };
  PlainSteps from;
  for (const auto& step : steps) from.push_back(plain<S>(step));
  return all_typed(shrink_plain(S, std::move(from), judge));
}

}  // namespace hmm
