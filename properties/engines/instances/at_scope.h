#pragma once
#include <memory>
#include <string>
#include <vector>

#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"

// The engines at one scope. Here they are only named: what they do stands in the other headers of
// this folder, which the instances that CMake writes include, each for one engine and scope.
namespace hmm {

struct StepFormulas;
struct StateFormulas;

template <Scope S>
struct MachineAt {
  static std::unique_ptr<JudgedMachine> make();
  // What two texts must have alike for one to go on where the other is, a line for each thing.
  static std::vector<std::string> shape();
};

template <Scope S>
struct ExploreAt {
  static ExploreResult explore(const Profile& k, const ExploreOptions& options);
  static const OtherSteps& steps();
};

template <Scope S>
struct WalkAt {
  static WalkResult walk(const Profile& k, const WalkOptions& options);
  static std::vector<Leaves> states_along_walk(const Profile& k, std::size_t count);
};

template <Scope S>
struct LiveAt {
  static LivenessResult liveness(const Profile& k, const LivenessOptions& options);
};

template <Scope S>
struct ProveAt {
  static ProofReport prove(const Profile& k, const ProveOptions& options);
  static BoundedResult prove_bounded(const Profile& k, const BoundedOptions& options);
  static StepFormulas step_formulas(const Profile& k, std::size_t step);
  static StateFormulas state_formulas(const Profile& k);
};

// What this build has for a scope; null where an engine is not built for it.
struct ScopeEngines {
  decltype(&MachineAt<Scope{}>::make) machine = nullptr;
  decltype(&MachineAt<Scope{}>::shape) shape = nullptr;
  decltype(&ExploreAt<Scope{}>::explore) explore = nullptr;
  decltype(&ExploreAt<Scope{}>::steps) steps = nullptr;
  decltype(&WalkAt<Scope{}>::walk) walk = nullptr;
  decltype(&WalkAt<Scope{}>::states_along_walk) states_along_walk = nullptr;
  decltype(&LiveAt<Scope{}>::liveness) liveness = nullptr;
  decltype(&ProveAt<Scope{}>::prove) prove = nullptr;
  decltype(&ProveAt<Scope{}>::prove_bounded) prove_bounded = nullptr;
  decltype(&ProveAt<Scope{}>::step_formulas) step_formulas = nullptr;
  decltype(&ProveAt<Scope{}>::state_formulas) state_formulas = nullptr;
};
// Those of the rules build of that name, or of this program if it is empty. All null if that has no
// scope of that name.
const ScopeEngines& engines_at(std::string_view scope, std::string_view rules);

}  // namespace hmm
