#pragma once
#include <functional>
#include <string>

namespace agent {

// Takes the name of what was tried, and `ok` or what was not as it should be.
using Say = std::function<void(const std::string& name, const std::string& came)>;

// What no call of a trace does: huge pages, and pins for long.
void beyond(const Say& say);
// What a call of a trace may do and nothing that is seen after it shows (unseen.cpp).
void unseen(const Say& say);

}  // namespace agent
