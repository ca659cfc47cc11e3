#include "model/scopes.h"
#include "properties/engines/explore.h"

namespace hmm {

template class Explorer<kShared>;

}  // namespace hmm
