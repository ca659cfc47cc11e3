#pragma once
#include "model/plain.h"
#include "properties/engines/check_all.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/instances/at_scope.h"
#include "properties/engines/instances/shape.h"
#include "properties/engines/pack.h"
#include "properties/engines/turns.h"

namespace hmm {

template <Scope S>
class MachineOf final : public JudgedMachine {
 public:
  const Scope& scope() const override { return scope_; }
  void restart(const Leaves* start) override {
    state_ = start == nullptr ? initial_state<Concrete<S>>() : state_of<S>(*start);
  }
  Leaves leaves() const override { return leaves_of<S>(state_); }
  Verdict take(const Profile& k, const PlainStep& step) override {
    return hmm::take<Concrete<S>>(k, state_, typed<S>(step));
  }
  PropertySet violated(const Profile& k, PropertySet wanted) const override {
    return hmm::violated(k, state_, wanted);
  }
  std::vector<BrokenClaim> broken(const Profile& k, PropertySet wanted) const override {
    return broken_claims(k, state_, wanted);
  }
  PlainSteps enabled(const Profile& k) const override {
    PlainSteps steps;
    for_each_step<Concrete<S>>([&](const auto& step, std::size_t) {
      if (takes_effect(verdict_of<Concrete<S>>(k, state_, step))) steps.push_back(plain<S>(step));
    });
    return steps;
  }
  Standing standing(const Profile& k, const std::vector<Want>& wants) const override {
    return standing_of<Concrete<S>>(k, state_, Turns<Concrete<S>>(k, state_, wants));
  }
  bool is_in_range() const override {
    typename Packing<S>::Packed packed;
    return Packing<S>::pack_if_fits(state_, packed);
  }

 private:
  Scope scope_ = S;
  State<Concrete<S>> state_ = initial_state<Concrete<S>>();
};

template <Scope S>
std::unique_ptr<JudgedMachine> MachineAt<S>::make() {
  return std::make_unique<MachineOf<S>>();
}

template <Scope S>
std::vector<std::string> MachineAt<S>::shape() {
  return hmm::shape<S>();
}

}  // namespace hmm
