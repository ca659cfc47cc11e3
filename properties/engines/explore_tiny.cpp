#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kTiny>;
template Verdict take<Concrete<kTiny>>(const Profile&, State<Concrete<kTiny>>&,
                                       const Step<Concrete<kTiny>>&);
template PropertySet violated<Concrete<kTiny>>(const Profile&, const State<Concrete<kTiny>>&,
                                               PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kTiny>>(const Profile&,
                                                                 const State<Concrete<kTiny>>&,
                                                                 PropertySet);

}  // namespace hmm
