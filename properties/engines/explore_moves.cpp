#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kMoves>;
template Verdict take<Concrete<kMoves>>(const Profile&, State<Concrete<kMoves>>&,
                                        const Step<Concrete<kMoves>>&);
template PropertySet violated<Concrete<kMoves>>(const Profile&, const State<Concrete<kMoves>>&,
                                                PropertySet, ClaimCounts*);
template std::vector<BrokenClaim> broken_claims<Concrete<kMoves>>(const Profile&,
                                                                  const State<Concrete<kMoves>>&,
                                                                  PropertySet);

}  // namespace hmm
