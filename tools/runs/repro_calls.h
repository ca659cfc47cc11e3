#pragma once
#include <string_view>

namespace hmm {

// The text of tools/kernel/repro/calls.c.
extern const std::string_view kReproCalls;

}  // namespace hmm
