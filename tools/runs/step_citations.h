#pragma once
#include <string_view>

namespace hmm {

// What stands after `Kernel:` on top of a step of model/steps/: the functions of the kernel that it
// is a model of. Empty if there is no such step.
std::string_view citation_of_step(std::string_view name);

}  // namespace hmm
