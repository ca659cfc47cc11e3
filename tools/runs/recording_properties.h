#pragma once
#include <string>
#include <vector>

#include "traces/conform.h"

namespace hmm {

// The names of the properties that do not hold, for ConformOptions.
std::vector<std::string> violated_names(const Profile& k, const State<RecordingDomain>& s);

}  // namespace hmm
