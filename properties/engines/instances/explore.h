#pragma once
#include "properties/engines/explore_search.h"
#include "properties/engines/instances/at_scope.h"

namespace hmm {

template <Scope S>
std::vector<Witness> witnesses(const Explorer<S>& explorer, const VerdictsSeen& seen) {
  std::vector<Witness> out;
  for (std::size_t kind = 0; kind < kSteps; ++kind)
    for (std::size_t v = 0; v < kVerdicts; ++v) {
      if ((seen[kind] >> v & 1) == 0) continue;
      const auto verdict = static_cast<Verdict>(v);
      out.push_back({kind, verdict, plain_steps<S>(explorer.witness(kind, verdict))});
    }
  return out;
}

template <Scope S>
const OtherSteps& ExploreAt<S>::steps() {
  static const OwnSteps<S> own;
  return own;
}

template <Scope S>
ExploreResult ExploreAt<S>::explore(const Profile& k, const ExploreOptions& options) {
  Explorer<S> explorer(k, options,
                       options.start ? state_of<S>(*options.start) : initial_state<Concrete<S>>());
  ExploreResult result = explorer.run();
  if (options.witnesses) result.witnesses = witnesses<S>(explorer, result.seen);
  if (options.each_state)
    explorer.for_each_state([&](const auto& s) { options.each_state(leaves_of<S>(s)); });
  return result;
}

}  // namespace hmm
