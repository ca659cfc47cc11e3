#pragma once
#include <chrono>
#include <string>

namespace hmm {

// A line on standard error that is rewritten in place; nothing unless that is a terminal, and
// nothing in the first second.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  void show(const std::string& text);

 private:
  std::string what_;
  std::chrono::steady_clock::time_point start_, last_;
  bool shown_ = false;
};

}  // namespace hmm
