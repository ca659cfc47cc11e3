#pragma once
#include <string>
#include <vector>

#include "properties/engines/property_set.h"
#include "traces/conform.h"

namespace hmm {

// The names of the properties that do not hold, for ConformOptions; of all, or of those wanted.
std::vector<std::string> violated_names(const Profile& k, const State<RecordingDomain>& s);
std::vector<std::string> violated_names_of(PropertySet wanted, const Profile& k,
                                           const State<RecordingDomain>& s);

}  // namespace hmm
