#pragma once
#include <string_view>

namespace hmm {

// The text of tools/kernel/repro/calls.c and main.c, one after the other.
extern const std::string_view kReproCalls;

}  // namespace hmm
