#include "properties/engines/walk.h"

#include "model/scopes.h"

namespace hmm {

template WalkResult<kTiny> walk<kTiny>(const Profile&, const WalkOptions&);
template WalkResult<kFork> walk<kFork>(const Profile&, const WalkOptions&);
template WalkResult<kPins> walk<kPins>(const Profile&, const WalkOptions&);
template WalkResult<kRanges> walk<kRanges>(const Profile&, const WalkOptions&);
template WalkResult<kPages> walk<kPages>(const Profile&, const WalkOptions&);
template WalkResult<kSmall> walk<kSmall>(const Profile&, const WalkOptions&);
template WalkResult<kDefault> walk<kDefault>(const Profile&, const WalkOptions&);
template WalkResult<kPair> walk<kPair>(const Profile&, const WalkOptions&);
template WalkResult<kLarge> walk<kLarge>(const Profile&, const WalkOptions&);

}  // namespace hmm
