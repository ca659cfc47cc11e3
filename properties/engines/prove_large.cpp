#include "model/scopes.h"
#include "properties/engines/prove_bounded.h"

namespace hmm {

template ProofReport<kLarge> prove<kLarge>(const Profile&, const ProveOptions&);
template StepFormulas step_formulas<kLarge>(const Profile&, std::size_t);
template BoundedResult<kLarge> prove_bounded<kLarge>(const Profile&, const BoundedOptions<kLarge>&);

}  // namespace hmm
