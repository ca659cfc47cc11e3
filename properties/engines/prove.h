#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/run.h"
#include "properties/engines/check_all.h"

namespace hmm {

// unknown and vacuous are never a pass; out_of_scope says that the scope has none of what the step
// needs, which the table shows as such.
enum class Answer { proved, refuted, unknown, vacuous, out_of_scope };
const char* name_of(Answer answer);

struct ProveOptions {
  unsigned timeout_ms = 60'000;  // for one query
  unsigned threads = 2;
  PropertySet properties = kAllProperties;
  std::string only_step;  // empty for all
  std::function<void(std::size_t done)> progress;
};

// The inductive check of one step: if every property holds and the step takes effect, does this
// property hold after it?
template <Scope S>
struct ProofResult {
  std::size_t step = 0, property = 0;
  Answer answer = Answer::unknown;
  double ms = 0;
  // A refutation, replayed in Concrete: the state before, and the step.
  std::optional<State<Concrete<S>>> state;
  std::optional<Step<Concrete<S>>> counterexample;
  // Unknown, as the step leads out of the ranges of its scope, where nobody can say more.
  bool leaves_ranges = false;
};

// All steps, all properties. The initial state is checked too: initial_bad is what it violates.
template <Scope S>
struct ProofReport {
  std::vector<ProofResult<S>> results;
  PropertySet initial_bad = 0;
  double seconds = 0;
};
template <Scope S>
ProofReport<S> prove(const Profile& k, const ProveOptions& options);

// Whether a state that violates one of the properties can be reached in at most `depth` steps.
template <Scope S>
struct BoundedResult {
  Answer answer = Answer::unknown;  // proved: none up to `depth`; refuted: first at `depth`
  unsigned depth = 0;
  std::vector<Step<Concrete<S>>> counterexample;
  // A run whose last step leaves the ranges of the scope, if there is one and no violation.
  std::vector<Step<Concrete<S>>> way_out;
  double seconds = 0;
};
template <Scope S>
struct BoundedOptions {
  State<Concrete<S>> start = initial_state<Concrete<S>>();
  PropertySet properties = kAllProperties;
  unsigned from = 0, to = 10;  // depths; it deepens and stops at the first with a violation
  unsigned timeout_ms = 120'000;
};
template <Scope S>
BoundedResult<S> prove_bounded(const Profile& k, const BoundedOptions<S>& options);

}  // namespace hmm
