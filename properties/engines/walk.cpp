#include "properties/engines/walk.h"

#include "model/scopes.h"

namespace hmm {

template WalkResult<kTiny> walk<kTiny>(const Profile&, const WalkOptions&);
template WalkResult<kFork> walk<kFork>(const Profile&, const WalkOptions&);
template WalkResult<kDefault> walk<kDefault>(const Profile&, const WalkOptions&);
template WalkResult<kPair> walk<kPair>(const Profile&, const WalkOptions&);
template WalkResult<kLarge> walk<kLarge>(const Profile&, const WalkOptions&);
template std::vector<State<Concrete<kPair>>> states_along_walk<kPair>(const Profile&, std::size_t);
template std::vector<State<Concrete<kLarge>>> states_along_walk<kLarge>(const Profile&,
                                                                        std::size_t);

template Verdict take<Concrete<kPair>>(const Profile&, State<Concrete<kPair>>&,
                                       const Step<Concrete<kPair>>&);
template PropertySet violated<Concrete<kPair>>(const Profile&, const State<Concrete<kPair>>&,
                                               PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kPair>>(const Profile&,
                                                                 const State<Concrete<kPair>>&,
                                                                 PropertySet);

template Verdict take<Concrete<kLarge>>(const Profile&, State<Concrete<kLarge>>&,
                                        const Step<Concrete<kLarge>>&);
template PropertySet violated<Concrete<kLarge>>(const Profile&, const State<Concrete<kLarge>>&,
                                                PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kLarge>>(const Profile&,
                                                                  const State<Concrete<kLarge>>&,
                                                                  PropertySet);

}  // namespace hmm
