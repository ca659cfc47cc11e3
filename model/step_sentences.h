#pragma once
#include <string_view>

namespace hmm {

// What a step is, for people: what stands on top of its header, up to the citation.
std::string_view sentence_of_step(std::string_view name);

}  // namespace hmm
