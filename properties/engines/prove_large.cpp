#include "model/scopes.h"
#include "properties/engines/prove_bounded.h"

namespace hmm {

template ProofReport<kLarge> prove<kLarge>(const Profile&, const ProveOptions&);
template BoundedResult<kLarge> prove_bounded<kLarge>(const Profile&, const BoundedOptions<kLarge>&);

}  // namespace hmm
