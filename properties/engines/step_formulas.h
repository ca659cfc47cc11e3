#pragma once
#include <string_view>
#include <vector>

#include "model/domain/symbolic.h"
#include "model/profile.h"

namespace hmm {

// A step of the symbolic text as formulas: over the leaves of a state and of the step, in leaf
// order, its verdict and the leaves of the state after it. Variables are named alike in all
// formulas of a scope, so those of two kernels speak of the same state and the same step.
struct StepFormulas {
  std::vector<z3::expr> state, step, after;
  std::vector<z3::expr> verdict;   // one
  std::vector<z3::expr> in_range;  // one: the step's values are of the scope
  std::vector<z3::expr> stays;     // one: so are those of the state after it
};
// Of the `step`-th step. Throws std::invalid_argument where no proofs are built for the scope.
StepFormulas step_formulas(std::string_view scope, const Profile& k, std::size_t step);

// A state's leaves, that their values are of the scope, and by property that it holds.
struct StateFormulas {
  std::vector<z3::expr> state;
  std::vector<z3::expr> in_range;  // one
  std::vector<z3::expr> holds;
};
// Throws as step_formulas().
StateFormulas state_formulas(std::string_view scope, const Profile& k);

}  // namespace hmm
