#include "properties/engines/walk.h"

#include "model/scopes.h"

namespace hmm {

template WalkResult<kTiny> walk<kTiny>(const Profile&, const WalkOptions&);
template WalkResult<kFork> walk<kFork>(const Profile&, const WalkOptions&);
template WalkResult<kDefault> walk<kDefault>(const Profile&, const WalkOptions&);
template WalkResult<kPair> walk<kPair>(const Profile&, const WalkOptions&);
template WalkResult<kLarge> walk<kLarge>(const Profile&, const WalkOptions&);
template class Walker<kPair>;
template class Walker<kLarge>;

}  // namespace hmm
