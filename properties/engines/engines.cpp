#include "properties/engines/engines.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "model/scopes.h"
#include "properties/engines/instances/at_scope.h"
#include "properties/engines/rules_builds.h"
#include "properties/engines/solver_memory.h"

namespace hmm {
namespace {

// The names of the scopes that CMake had compiled, blanks between them.
constexpr std::string_view kBuilt = HMM_BUILT_SCOPES;

constexpr bool has(std::string_view scope) {
  for (std::size_t at = 0; at < kBuilt.size();) {
    const std::size_t end = std::min(kBuilt.find(' ', at), kBuilt.size());
    if (kBuilt.substr(at, end - at) == scope) return true;
    at = end + 1;
  }
  return false;
}

template <std::size_t I>
constexpr ScopeEngines engines_of() {
  constexpr const NamedScope& row = kScopes[I];
  ScopeEngines e;
  if constexpr (has(row.name)) {
    e.machine = &MachineAt<row.scope>::make;
    e.shape = &MachineAt<row.scope>::shape;
    if constexpr (row.explore != Use::none) {
      e.explore = &ExploreAt<row.scope>::explore;
      e.steps = &ExploreAt<row.scope>::steps;
    }
    if constexpr (row.walk != Use::none) {
      e.walk = &WalkAt<row.scope>::walk;
      e.states_along_walk = &WalkAt<row.scope>::states_along_walk;
    }
    if constexpr (row.live != Use::none) e.liveness = &LiveAt<row.scope>::liveness;
    if constexpr (row.prove != Use::none) {
      e.prove = &ProveAt<row.scope>::prove;
      e.prove_bounded = &ProveAt<row.scope>::prove_bounded;
      e.step_formulas = &ProveAt<row.scope>::step_formulas;
      e.state_formulas = &ProveAt<row.scope>::state_formulas;
    }
  }
  return e;
}

// In the order of kScopes.
constexpr auto kEngines = []<std::size_t... I>(std::index_sequence<I...>) {
  return std::array{engines_of<I>()...};
}
(std::make_index_sequence<kScopes.size()>{});

// Calls one of a scope's engines, of the kernel's text.
template <class F, class... Arguments>
decltype(auto) call(F ScopeEngines::*engine, std::string_view scope, const std::string& rules,
                    const Arguments&... arguments) {
  const F function = engines_at(scope, rules).*engine;
  if (function == nullptr)
    throw std::invalid_argument("an engine that is not built for scope " + std::string(scope) +
                                (rules.empty() ? "" : " of rules:" + rules));
  return function(arguments...);
}

}  // namespace

const ScopeEngines& engines_at(std::string_view scope, std::string_view rules) {
  static constexpr ScopeEngines none{};
  if (!rules.empty()) {
    const ScopeEngines* const found = loaded_engines(scope, rules);
    return found == nullptr ? none : *found;
  }
  for (std::size_t i = 0; i < kScopes.size(); ++i)
    if (kScopes[i].name == scope) return kEngines[i];
  return none;
}

bool is_built(std::string_view scope, Engine engine, std::string_view rules) {
  const ScopeEngines& e = engines_at(scope, rules);
  switch (engine) {
    case Engine::explore:
      return e.explore != nullptr;
    case Engine::walk:
      return e.walk != nullptr;
    case Engine::prove:
      return e.prove != nullptr;
    case Engine::live:
      return e.liveness != nullptr;
  }
  return false;
}

std::vector<std::string> built_scopes(std::string_view rules) {
  std::vector<std::string> names;
  for (const auto& s : kScopes)
    if (engines_at(s.name, rules).machine != nullptr) names.emplace_back(s.name);
  return names;
}

unsigned count_verdicts(const VerdictsSeen& seen) {
  unsigned n = 0;
  for (const std::uint64_t bits : seen) n += static_cast<unsigned>(std::popcount(bits));
  return n;
}

std::size_t ProofReport::count(Answer answer) const {
  return static_cast<std::size_t>(std::count_if(
      results.begin(), results.end(), [&](const ProofResult& r) { return r.answer == answer; }));
}

std::unique_ptr<JudgedMachine> machine_at(std::string_view scope) {
  const auto make = engines_at(scope, "").machine;
  return machine_of_any_rules(scope, make == nullptr ? nullptr : make());
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

ExploreResult explore(std::string_view scope, const Profile& k, const ExploreOptions& options) {
  if (!options.other || options.other->rules == k.rules)
    return call(&ScopeEngines::explore, scope, k.rules, k, options);
  ExploreOptions with = options;
  with.other_steps = &call(&ScopeEngines::steps, scope, options.other->rules);
  return call(&ScopeEngines::explore, scope, k.rules, k, with);
}

WalkResult walk(std::string_view scope, const Profile& k, const WalkOptions& options) {
  return call(&ScopeEngines::walk, scope, k.rules, k, options);
}

std::vector<Leaves> states_along_walk(std::string_view scope, const Profile& k, std::size_t count) {
  return call(&ScopeEngines::states_along_walk, scope, k.rules, k, count);
}

ProofReport prove(std::string_view scope, const Profile& k, const ProveOptions& options) {
  require_solver_memory();
  return call(&ScopeEngines::prove, scope, k.rules, k, options);
}

LivenessResult liveness(std::string_view scope, const Profile& k, const LivenessOptions& options) {
  return call(&ScopeEngines::liveness, scope, k.rules, k, options);
}

BoundedResult prove_bounded(std::string_view scope, const Profile& k,
                            const BoundedOptions& options) {
  require_solver_memory();
  return call(&ScopeEngines::prove_bounded, scope, k.rules, k, options);
}

}  // namespace hmm
