#include "model/scopes.h"
#include "properties/engines/prove_bounded.h"

namespace hmm {

template ProofReport<kTiny> prove<kTiny>(const Profile&, const ProveOptions&);
template BoundedResult<kTiny> prove_bounded<kTiny>(const Profile&, const BoundedOptions<kTiny>&);

}  // namespace hmm
