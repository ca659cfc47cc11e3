#include "tools/verbs/judged_machine.h"

#include "properties/engines/run_instances.h"

namespace hmm {
namespace {

template <Scope S>
class MachineOf : public JudgedMachine {
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

 private:
  Scope scope_ = S;
  State<Concrete<S>> state_ = initial_state<Concrete<S>>();
};

}  // namespace

std::unique_ptr<JudgedMachine> machine_at(std::string_view scope) {
  std::unique_ptr<JudgedMachine> machine;
  with_scope(scope, [&]<Scope S>() { machine = std::make_unique<MachineOf<S>>(); });
  return machine;
}

PropertySet first_violation(JudgedMachine& machine, const Profile& k, const PlainSteps& steps,
                            PropertySet wanted, const Leaves* start) {
  machine.restart(start);
  PropertySet bad = machine.violated(k, wanted);
  for (std::size_t i = 0; bad == 0 && i < steps.size(); ++i) {
    machine.take(k, steps[i]);
    bad = machine.violated(k, wanted);
  }
  return bad;
}

}  // namespace hmm
