#pragma once
#include <string_view>

// What stands on top of the header of each step of model/steps/. Empty if there is no such step.
namespace hmm {

// What the step is, for people: up to the citation.
std::string_view sentence_of_step(std::string_view name);
// The functions of the kernel that it is a model of: what stands after `Kernel:`.
std::string_view citation_of_step(std::string_view name);

}  // namespace hmm
