#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kFork>;
template Verdict take<Concrete<kFork>>(const Profile&, State<Concrete<kFork>>&,
                                       const Step<Concrete<kFork>>&);
template PropertySet violated<Concrete<kFork>>(const Profile&, const State<Concrete<kFork>>&,
                                               PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kFork>>(const Profile&,
                                                                 const State<Concrete<kFork>>&,
                                                                 PropertySet);

}  // namespace hmm
