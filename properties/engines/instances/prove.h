#pragma once
#include "properties/engines/instances/at_scope.h"
#include "properties/engines/prove_bounded.h"

namespace hmm {

template <Scope S>
ProofReport ProveAt<S>::prove(const Profile& k, const ProveOptions& options) {
  return hmm::prove<S>(k, options);
}

template <Scope S>
BoundedResult ProveAt<S>::prove_bounded(const Profile& k, const BoundedOptions& options) {
  return hmm::prove_bounded<S>(k, options);
}

template <Scope S>
StepFormulas ProveAt<S>::step_formulas(const Profile& k, std::size_t step) {
  return hmm::step_formulas<S>(k, step);
}

template <Scope S>
StateFormulas ProveAt<S>::state_formulas(const Profile& k) {
  return hmm::state_formulas<S>(k);
}

}  // namespace hmm
