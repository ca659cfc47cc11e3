#pragma once
#include "model/scopes.h"
#include "properties/engines/explore.h"
#include "properties/engines/prove.h"
#include "properties/engines/walk.h"

// The engines at the named scopes, compiled once. What is too large to explore is walked and
// proved.
namespace hmm {

constexpr bool can_explore(const Scope& s) { return !(s == kLarge || s == kPair); }
constexpr bool can_walk(const Scope& s) {
  return s == kTiny || s == kFork || s == kDefault || s == kPair || s == kLarge;
}
constexpr bool can_prove(const Scope& s) {
  return s == kTiny || s == kFork || s == kPair || s == kLarge;
}

extern template class Explorer<kTiny>;
extern template class Explorer<kFork>;
extern template class Explorer<kPins>;
extern template class Explorer<kRanges>;
extern template class Explorer<kPages>;
extern template class Explorer<kMoves>;
extern template class Explorer<kShared>;
extern template class Explorer<kCoherent>;
extern template class Explorer<kDefault>;

extern template WalkResult<kTiny> walk<kTiny>(const Profile&, const WalkOptions&);
extern template WalkResult<kFork> walk<kFork>(const Profile&, const WalkOptions&);
extern template WalkResult<kDefault> walk<kDefault>(const Profile&, const WalkOptions&);
extern template WalkResult<kPair> walk<kPair>(const Profile&, const WalkOptions&);
extern template WalkResult<kLarge> walk<kLarge>(const Profile&, const WalkOptions&);

extern template class Walker<kPair>;
extern template class Walker<kLarge>;

}  // namespace hmm
