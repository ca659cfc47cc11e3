#pragma once
#include <string_view>
#include <vector>

#include "model/domain/symbolic.h"
#include "model/profile.h"

namespace hmm {

// A step of the symbolic text as formulas: over the leaves of a state and of the step, in leaf
// order, its verdict and the leaves of the state after it.
struct StepFormulas {
  std::vector<z3::expr> state, step, after;
  std::vector<z3::expr> verdict;  // one
};
// Of the `step`-th step. Throws std::invalid_argument where no proofs are built for the scope.
StepFormulas step_formulas(std::string_view scope, const Profile& k, std::size_t step);

}  // namespace hmm
