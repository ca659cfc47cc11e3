#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "traces/input_error.h"

// Text a user gave us: read with limits, and refused with the place and the reason.
namespace hmm {

// Where a text comes from. Line 0 is a source that has no lines, such as an option.
struct Origin {
  std::string source;
  unsigned line = 0;
};

// Throws InputError `source:line: expected ..., found ...`; a long find is cut.
[[noreturn]] void reject(const Origin& at, std::string_view expected, std::string_view found);

inline constexpr std::size_t kMaxLineBytes = 4096;
inline constexpr std::size_t kMaxFileBytes = 16u << 20;

// The bytes of a file, at most kMaxFileBytes; `-` is standard input.
std::string read_input(const std::string& path);

// The lines of a text that ends in a newline, without it. Only printable UTF-8 passes.
std::vector<std::string_view> lines_of(std::string_view text, const std::string& source);

// The words of a line, which spaces and tabs separate.
std::vector<std::string_view> words_of(std::string_view line);
std::string_view trimmed(std::string_view text);

// `a, b, c`.
std::string joined(const std::vector<std::string>& names);

}  // namespace hmm
