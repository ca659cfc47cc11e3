#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kCoherent>;
template Verdict take<Concrete<kCoherent>>(const Profile&, State<Concrete<kCoherent>>&,
                                           const Step<Concrete<kCoherent>>&);
template PropertySet violated<Concrete<kCoherent>>(const Profile&,
                                                   const State<Concrete<kCoherent>>&, PropertySet,
                                                   ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kCoherent>>(
    const Profile&, const State<Concrete<kCoherent>>&, PropertySet);

}  // namespace hmm
