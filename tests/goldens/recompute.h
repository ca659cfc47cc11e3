#pragma once
#include "tests/goldens/goldens.h"

namespace hmm::goldens {

// A scope of more states than this is explored by `tools/goldens` only.
inline constexpr std::uint64_t kQuick = 15'000'000;

// All of them anew, of profile 6.12 without the defects that break properties. What `old` has and
// is of more than `max_states` states stays as it is there. Throws std::runtime_error for a scope
// that is not explored to the end without a violation.
Goldens recomputed(const Goldens& old, std::uint64_t max_states);

}  // namespace hmm::goldens
