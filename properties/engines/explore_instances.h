#pragma once
#include "properties/engines/explore.h"
#include "properties/engines/run_instances.h"

// The explorers of the named scopes, compiled once. What is too large is walked and proved.
namespace hmm {

constexpr bool can_explore(const Scope& s) { return !(s == kLarge || s == kPair); }

extern template class Explorer<kTiny>;
extern template class Explorer<kFork>;
extern template class Explorer<kPins>;
extern template class Explorer<kRanges>;
extern template class Explorer<kPages>;
extern template class Explorer<kMoves>;
extern template class Explorer<kShared>;
extern template class Explorer<kCoherent>;
extern template class Explorer<kDefault>;

}  // namespace hmm
