#pragma once
#include <sys/types.h>

#include <string>

#include "tools/kernel/hold/hold.h"

// Tasks that stop on their way through the kernel (/dev/hold).
namespace agent {

class Hold {
 public:
  Hold();
  // The task is to stop at a place, `at FUNCTION` or `after FUNCTION`; one that is held goes on.
  // Why that cannot be, or nothing.
  std::string stop(pid_t task, const std::string& place);
  // It goes on, and stops no more. What had become of it.
  hold_state let_go(pid_t task);
  hold_state state_of(pid_t task);
  // Whether any task is runnable, beside this one.
  bool is_anybody_busy();
  bool is_busy(pid_t task);

 private:
  int file_;
};

}  // namespace agent
