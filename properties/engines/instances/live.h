#pragma once
#include <chrono>

#include "properties/engines/explore_live.h"
#include "properties/engines/instances/at_scope.h"
#include "properties/engines/live_claims.h"

namespace hmm {

template <Scope S>
LivenessResult LiveAt<S>::liveness(const Profile& k, const LivenessOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  ExploreOptions search;
  search.properties = 0;
  search.max_states = options.max_states;
  search.threads = options.threads;
  search.stop = options.stop;
  const auto tell = [&](std::string_view what, std::uint64_t count) {
    if (options.progress) options.progress(what, count);
  };
  search.progress = [&](std::uint64_t states, unsigned) { tell("states", states); };
  Explorer<S> explorer(k, search);
  LivenessResult result;
  const ExploreResult seen = explorer.run();
  result.states = seen.states;
  result.leaves_ranges = !seen.way_out.empty();
  if (seen.complete) {
    explorer.number_states();
    LiveBuilder<S> builder(k, explorer);
    const LiveGraph graph =
        builder.build(options.stop, [&](std::uint64_t done) { tell("states asked", done); });
    result.edges = graph.edges.size();
    result.leaves_ranges = result.leaves_ranges || builder.leaves_ranges();
    const auto run_to = [&](std::uint32_t state) { return plain_steps<S>(explorer.run_to(state)); };
    result.complete = judge_claims(graph, run_to, &LiveBuilder<S>::step_of, options, result);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace hmm
