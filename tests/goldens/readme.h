#pragma once
#include <functional>

#include "tests/goldens/goldens.h"

namespace hmm::goldens {

// What a command prints, run where the source tree's folders and build/ are.
using Run = std::function<std::string(const std::string& command)>;

// A README with the numbers of the goldens, and with what its commands `$ build/hmmcheck ...` print
// below them. What differs only in seconds, rates and bytes stays.
std::string refreshed(const std::string& readme, const Goldens& goldens, const Run& run);

// Runs it in a folder of its own, which is removed. Throws std::runtime_error if it cannot.
std::string run_in_scratch(const std::string& command);

}  // namespace hmm::goldens
