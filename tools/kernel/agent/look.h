#pragma once
#include <string>
#include <utility>
#include <vector>

#include "tools/kernel/agent/process.h"

// What can be seen of processes from outside.
namespace agent {

// Frames get names, in the order in which they are seen.
class Look {
 public:
  Look();
  // The line `= A ...` of a process that has just looked at its devices.
  std::string line(char actor, pid_t pid, const Mail& mail);
  // The names of the next lines are new ones.
  void begin() { names_.clear(); }

 private:
  std::string page(std::uint64_t entry);
  unsigned name_of(bool is_present, std::uint64_t frame);

  int kpagecount_;
  std::uint64_t zero_frame_;
  std::vector<std::pair<bool, std::uint64_t>> names_;
};

}  // namespace agent
