#include "model/scopes.h"
#include "properties/engines/prove_bounded.h"

namespace hmm {

template ProofReport<kTiny> prove<kTiny>(const Profile&, const ProveOptions&);
template StepFormulas step_formulas<kTiny>(const Profile&, std::size_t);
template BoundedResult<kTiny> prove_bounded<kTiny>(const Profile&, const BoundedOptions<kTiny>&);

}  // namespace hmm
