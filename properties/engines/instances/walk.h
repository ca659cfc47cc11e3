#pragma once
#include "properties/engines/instances/at_scope.h"
#include "properties/engines/walk_threads.h"

namespace hmm {

template <Scope S>
WalkResult WalkAt<S>::walk(const Profile& k, const WalkOptions& options) {
  return hmm::walk<S>(k, options);
}

template <Scope S>
std::vector<Leaves> WalkAt<S>::states_along_walk(const Profile& k, std::size_t count) {
  return hmm::states_along_walk<S>(k, count);
}

}  // namespace hmm
