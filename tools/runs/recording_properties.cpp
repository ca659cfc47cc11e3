#include "tools/runs/recording_properties.h"

#include "properties/engines/check_all.h"

namespace hmm {

std::vector<std::string> violated_names(const Profile& k, const State<RecordingDomain>& s) {
  return violated_names_of(kAllProperties, k, s);
}

std::vector<std::string> violated_names_of(PropertySet wanted, const Profile& k,
                                           const State<RecordingDomain>& s) {
  return names_of_properties(violated(k, s, wanted));
}

}  // namespace hmm
