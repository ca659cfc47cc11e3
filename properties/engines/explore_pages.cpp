#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kPages>;
template Verdict take<Concrete<kPages>>(const Profile&, State<Concrete<kPages>>&,
                                        const Step<Concrete<kPages>>&);
template PropertySet violated<Concrete<kPages>>(const Profile&, const State<Concrete<kPages>>&,
                                                PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kPages>>(const Profile&,
                                                                  const State<Concrete<kPages>>&,
                                                                  PropertySet);

}  // namespace hmm
