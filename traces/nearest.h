#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

// The names, those first that the fewest characters have to be changed of to make the text.
std::vector<std::string> nearest(std::string_view text, std::vector<std::string> names);

// ` (did you mean NAME?)` of the nearest, if it is near; else nothing.
std::string did_you_mean(std::string_view text, const std::vector<std::string>& names);

}  // namespace hmm
