#include "tools/runs/output.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace hmm {
namespace {

std::string_view failure;

void note(bool is_written) {
  if (!is_written && failure.empty()) failure = std::strerror(errno);
}

}  // namespace

void print(std::string_view text) {
  note(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
  note(std::fflush(stdout) == 0);
}

void warn(std::string_view text) {
  fmt::print(stderr, "hmmcheck: warning: {}\n", text);
  std::fflush(stderr);
}

std::string_view output_failure() {
  // What others have printed.
  note(std::fflush(stdout) == 0);
  note(std::ferror(stdout) == 0);
  return failure;
}

}  // namespace hmm
