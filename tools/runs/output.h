#pragma once
#include <string_view>

// Standard output. What cannot be written there is remembered, so that nobody takes silence for a
// verdict.
namespace hmm {

// At once: a line is news when it is there, also to whoever reads a pipe.
void print(std::string_view text);

// A line on standard error that changes no verdict.
void warn(std::string_view text);

// Why something could not be written to standard output; empty if all was.
std::string_view output_failure();

}  // namespace hmm
