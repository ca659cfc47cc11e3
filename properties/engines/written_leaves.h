#pragma once
#include <cstddef>
#include <vector>

#include "model/profile.h"

namespace hmm {

// By leaf of a state of scope `large`: whether the step's text writes it at all, whatever the
// state. Throws std::invalid_argument if no proofs are built for that scope.
std::vector<bool> written_leaves_at_large(const Profile& k, std::size_t step);

}  // namespace hmm
