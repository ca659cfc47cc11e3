#pragma once
#include <string>

namespace agent {

// What no call of a trace does: huge pages, and pins for long. A line for each thing that is tried,
// `beyond NAME -> ok`, or what was not as it should be.
std::string beyond();

}  // namespace agent
