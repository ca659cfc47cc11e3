#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kPins>;
template Verdict take<Concrete<kPins>>(const Profile&, State<Concrete<kPins>>&,
                                       const Step<Concrete<kPins>>&);
template PropertySet violated<Concrete<kPins>>(const Profile&, const State<Concrete<kPins>>&,
                                               PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kPins>>(const Profile&,
                                                                 const State<Concrete<kPins>>&,
                                                                 PropertySet);

}  // namespace hmm
