#include "tools/runs/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace hmm {

Progress::Progress(std::string what)
    : what_(std::move(what)), start_(std::chrono::steady_clock::now()), last_(start_) {}
Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\033[K");
}
void Progress::show(const std::string& text) {
  static const bool terminal = isatty(STDERR_FILENO) != 0;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal || now - start_ < std::chrono::seconds(1) ||
      now - last_ < std::chrono::milliseconds(200))
    return;
  last_ = now;
  shown_ = true;
  fmt::print(stderr, "\r\033[K{}: {}", what_, text);
  std::fflush(stderr);
}

}  // namespace hmm
