#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kRanges>;
template Verdict take<Concrete<kRanges>>(const Profile&, State<Concrete<kRanges>>&,
                                         const Step<Concrete<kRanges>>&);
template PropertySet violated<Concrete<kRanges>>(const Profile&, const State<Concrete<kRanges>>&,
                                                 PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kRanges>>(const Profile&,
                                                                   const State<Concrete<kRanges>>&,
                                                                   PropertySet);

}  // namespace hmm
