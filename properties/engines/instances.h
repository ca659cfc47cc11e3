#pragma once
#include "model/scopes.h"
#include "properties/engines/explore.h"
#include "properties/engines/prove.h"
#include "properties/engines/walk.h"

// The engines at the named scopes, compiled once. `large` is walked and proved; its states are too
// many to explore.
namespace hmm {

constexpr bool can_explore(const Scope& s) { return !(s == kLarge); }
constexpr bool can_prove(const Scope& s) {
  return s == kTiny || s == kFork || s == kPair || s == kLarge;
}

extern template class Explorer<kTiny>;
extern template class Explorer<kFork>;
extern template class Explorer<kPins>;
extern template class Explorer<kRanges>;
extern template class Explorer<kPages>;
extern template class Explorer<kSmall>;
extern template class Explorer<kDefault>;
extern template class Explorer<kPair>;

extern template WalkResult<kTiny> walk<kTiny>(const Profile&, const WalkOptions&);
extern template WalkResult<kFork> walk<kFork>(const Profile&, const WalkOptions&);
extern template WalkResult<kPins> walk<kPins>(const Profile&, const WalkOptions&);
extern template WalkResult<kRanges> walk<kRanges>(const Profile&, const WalkOptions&);
extern template WalkResult<kPages> walk<kPages>(const Profile&, const WalkOptions&);
extern template WalkResult<kSmall> walk<kSmall>(const Profile&, const WalkOptions&);
extern template WalkResult<kDefault> walk<kDefault>(const Profile&, const WalkOptions&);
extern template WalkResult<kPair> walk<kPair>(const Profile&, const WalkOptions&);
extern template WalkResult<kLarge> walk<kLarge>(const Profile&, const WalkOptions&);

}  // namespace hmm
