#include "model/scopes.h"
#include "properties/engines/prove_bounded.h"

namespace hmm {

template ProofReport<kPair> prove<kPair>(const Profile&, const ProveOptions&);
template StepFormulas step_formulas<kPair>(const Profile&, std::size_t);
template BoundedResult<kPair> prove_bounded<kPair>(const Profile&, const BoundedOptions<kPair>&);

}  // namespace hmm
