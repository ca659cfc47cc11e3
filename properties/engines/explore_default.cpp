#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kDefault>;
template Verdict take<Concrete<kDefault>>(const Profile&, State<Concrete<kDefault>>&,
                                          const Step<Concrete<kDefault>>&);
template PropertySet violated<Concrete<kDefault>>(const Profile&, const State<Concrete<kDefault>>&,
                                                  PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kDefault>>(
    const Profile&, const State<Concrete<kDefault>>&, PropertySet);

}  // namespace hmm
