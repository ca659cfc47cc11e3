#include "model/scopes.h"
#include "properties/engines/prove_bounded.h"

namespace hmm {

template ProofReport<kFork> prove<kFork>(const Profile&, const ProveOptions&);
template StepFormulas step_formulas<kFork>(const Profile&, std::size_t);
template BoundedResult<kFork> prove_bounded<kFork>(const Profile&, const BoundedOptions<kFork>&);

}  // namespace hmm
