#pragma once
#include <string_view>

namespace hmm {

// The texts of tools/runs/picture/page.css and page.js.
extern const std::string_view kPageStyle, kPageScript;

}  // namespace hmm
