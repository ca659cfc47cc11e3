#pragma once
#include "properties/engines/run_instances.h"
#include "properties/engines/walk.h"

// The walks of some of the named scopes, compiled once.
namespace hmm {

constexpr bool can_walk(const Scope& s) {
  return s == kTiny || s == kFork || s == kDefault || s == kPair || s == kLarge;
}

extern template WalkResult<kTiny> walk<kTiny>(const Profile&, const WalkOptions&);
extern template WalkResult<kFork> walk<kFork>(const Profile&, const WalkOptions&);
extern template WalkResult<kDefault> walk<kDefault>(const Profile&, const WalkOptions&);
extern template WalkResult<kPair> walk<kPair>(const Profile&, const WalkOptions&);
extern template WalkResult<kLarge> walk<kLarge>(const Profile&, const WalkOptions&);
extern template std::vector<State<Concrete<kPair>>> states_along_walk<kPair>(const Profile&,
                                                                             std::size_t);
extern template std::vector<State<Concrete<kLarge>>> states_along_walk<kLarge>(const Profile&,
                                                                               std::size_t);

}  // namespace hmm
