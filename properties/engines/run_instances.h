#pragma once
#include "model/scopes.h"
#include "properties/engines/check_all.h"
#include "properties/engines/enumerate.h"

// Taking a step and judging a state at the named scopes, compiled once, for whoever need not have
// them inlined.
namespace hmm {

extern template Verdict take<Concrete<kTiny>>(const Profile&, State<Concrete<kTiny>>&,
                                              const Step<Concrete<kTiny>>&);
extern template Verdict take<Concrete<kFork>>(const Profile&, State<Concrete<kFork>>&,
                                              const Step<Concrete<kFork>>&);
extern template Verdict take<Concrete<kPins>>(const Profile&, State<Concrete<kPins>>&,
                                              const Step<Concrete<kPins>>&);
extern template Verdict take<Concrete<kRanges>>(const Profile&, State<Concrete<kRanges>>&,
                                                const Step<Concrete<kRanges>>&);
extern template Verdict take<Concrete<kPages>>(const Profile&, State<Concrete<kPages>>&,
                                               const Step<Concrete<kPages>>&);
extern template Verdict take<Concrete<kMoves>>(const Profile&, State<Concrete<kMoves>>&,
                                               const Step<Concrete<kMoves>>&);
extern template Verdict take<Concrete<kShared>>(const Profile&, State<Concrete<kShared>>&,
                                                const Step<Concrete<kShared>>&);
extern template Verdict take<Concrete<kCoherent>>(const Profile&, State<Concrete<kCoherent>>&,
                                                  const Step<Concrete<kCoherent>>&);
extern template Verdict take<Concrete<kDefault>>(const Profile&, State<Concrete<kDefault>>&,
                                                 const Step<Concrete<kDefault>>&);
extern template Verdict take<Concrete<kPair>>(const Profile&, State<Concrete<kPair>>&,
                                              const Step<Concrete<kPair>>&);
extern template Verdict take<Concrete<kLarge>>(const Profile&, State<Concrete<kLarge>>&,
                                               const Step<Concrete<kLarge>>&);

extern template PropertySet violated<Concrete<kTiny>>(const Profile&, const State<Concrete<kTiny>>&,
                                                      PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kTiny>>(
    const Profile&, const State<Concrete<kTiny>>&, PropertySet);
extern template PropertySet violated<Concrete<kFork>>(const Profile&, const State<Concrete<kFork>>&,
                                                      PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kFork>>(
    const Profile&, const State<Concrete<kFork>>&, PropertySet);
extern template PropertySet violated<Concrete<kPins>>(const Profile&, const State<Concrete<kPins>>&,
                                                      PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kPins>>(
    const Profile&, const State<Concrete<kPins>>&, PropertySet);
extern template PropertySet violated<Concrete<kRanges>>(const Profile&,
                                                        const State<Concrete<kRanges>>&,
                                                        PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kRanges>>(
    const Profile&, const State<Concrete<kRanges>>&, PropertySet);
extern template PropertySet violated<Concrete<kPages>>(const Profile&,
                                                       const State<Concrete<kPages>>&, PropertySet,
                                                       ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kPages>>(
    const Profile&, const State<Concrete<kPages>>&, PropertySet);
extern template PropertySet violated<Concrete<kMoves>>(const Profile&,
                                                       const State<Concrete<kMoves>>&, PropertySet,
                                                       ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kMoves>>(
    const Profile&, const State<Concrete<kMoves>>&, PropertySet);
extern template PropertySet violated<Concrete<kShared>>(const Profile&,
                                                        const State<Concrete<kShared>>&,
                                                        PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kShared>>(
    const Profile&, const State<Concrete<kShared>>&, PropertySet);
extern template PropertySet violated<Concrete<kCoherent>>(const Profile&,
                                                          const State<Concrete<kCoherent>>&,
                                                          PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kCoherent>>(
    const Profile&, const State<Concrete<kCoherent>>&, PropertySet);
extern template PropertySet violated<Concrete<kDefault>>(const Profile&,
                                                         const State<Concrete<kDefault>>&,
                                                         PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kDefault>>(
    const Profile&, const State<Concrete<kDefault>>&, PropertySet);
extern template PropertySet violated<Concrete<kPair>>(const Profile&, const State<Concrete<kPair>>&,
                                                      PropertySet, ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kPair>>(
    const Profile&, const State<Concrete<kPair>>&, PropertySet);
extern template PropertySet violated<Concrete<kLarge>>(const Profile&,
                                                       const State<Concrete<kLarge>>&, PropertySet,
                                                       ClaimCounts*);
extern template std::vector<BrokenClaim> broken_claims<Concrete<kLarge>>(
    const Profile&, const State<Concrete<kLarge>>&, PropertySet);

}  // namespace hmm
