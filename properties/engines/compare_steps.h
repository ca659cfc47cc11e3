#pragma once
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "model/machine.h"
#include "properties/engines/answer.h"

// What one kernel does otherwise than another, step by step, by proof.
namespace hmm {

struct CompareOptions {
  unsigned timeout_ms = 60'000;  // for one step
  unsigned threads = 2;
  std::string only_step;  // empty for all
  // A step that changes nothing is as if it were not taken: what matters is where steps lead.
  bool where_steps_lead = false;
  bool first_difference = false;  // once one is found, the rest is not asked and stays unknown
  std::stop_token stop;           // what was not asked by then is unknown
};

// One step in two kernels. proved: in every state of the scope that has every property in the first
// of them, both take it with the same verdict to the same state, or neither does. refuted: not in
// the state that is given, which need not be reachable.
struct StepComparison {
  std::size_t step = 0;
  Answer answer = Answer::unknown;
  bool same_text = false;  // proved without asking: the formulas are the very same
  // A refutation, replayed in Concrete.
  Leaves state;
  std::optional<PlainStep> counterexample;
  Verdict a{}, b{};
  double ms = 0;
};

// By step, in the order of step_infos(). Throws std::invalid_argument where no proofs are built for
// the scope.
std::vector<StepComparison> compare_steps(std::string_view scope, const Profile& a,
                                          const Profile& b, const CompareOptions& options = {});

}  // namespace hmm
