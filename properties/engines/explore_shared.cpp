#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kShared>;
template Verdict take<Concrete<kShared>>(const Profile&, State<Concrete<kShared>>&,
                                         const Step<Concrete<kShared>>&);
template PropertySet violated<Concrete<kShared>>(const Profile&, const State<Concrete<kShared>>&,
                                                 PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kShared>>(const Profile&,
                                                                   const State<Concrete<kShared>>&,
                                                                   PropertySet);

}  // namespace hmm
