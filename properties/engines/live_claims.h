#pragma once
#include "properties/engines/live_graph.h"

namespace hmm {

// Asks every claim of liveness of the graph. Gives false if it was stopped before the end.
bool judge_claims(const LiveGraph& graph, const std::function<PlainSteps(std::uint32_t)>& run_to,
                  const std::function<PlainStep(std::uint32_t)>& step_of,
                  const LivenessOptions& options, LivenessResult& result);

}  // namespace hmm
