#pragma once
#include "model/steps.h"

// How a run goes: where it starts, and what taking a step means.
namespace hmm {

// What the step would say, as a Verdict.
template <class D, class S>
Verdict verdict_of(const Profile& k, const State<D>& s, const S& step) {
  return static_cast<Verdict>(step.check(k, s).v);
}

// Takes the step if it takes effect. Its verdict either way.
template <class D, class S>
Verdict take(const Profile& k, State<D>& s, const S& step) {
  const auto v = step.check(k, s);
  if (takes_effect(static_cast<Verdict>(v.v))) step.apply(k, s, v);
  return static_cast<Verdict>(v.v);
}
template <class D>
Verdict take(const Profile& k, State<D>& s, const Step<D>& step) {
  return std::visit([&](const auto& one) { return take<D>(k, s, one); }, step);
}

// One process with nothing mapped, and devices that work.
template <class D>
State<D> initial_state() {
  State<D> s{};
  s.mm.slot[0].alive = true;
  return s;
}

}  // namespace hmm
