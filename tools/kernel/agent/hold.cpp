#include "tools/kernel/agent/hold.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdio>

namespace agent {

Hold::Hold() : file_(open("/dev/hold", O_RDWR | O_CLOEXEC)) {}

std::string Hold::stop(pid_t task, const std::string& place) {
  const auto blank = place.find(' ');
  hold_place where{};
  where.tid = task;
  where.at_return = place.substr(0, blank) == "after";
  std::snprintf(where.function, sizeof where.function, "%s", place.c_str() + blank + 1);
  if (ioctl(file_, HOLD_ARM, &where) == 0) return "";
  switch (errno) {
    case ENOENT:
      return "no function of that name";
    case EOPNOTSUPP:
      return "a function that is not built to be held in";
    case EBUSY:
      return "too many are held";
    default:
      return "this kernel holds nothing";
  }
}

hold_state Hold::let_go(pid_t task) {
  const int state = ioctl(file_, HOLD_GO, task);
  return state < 0 ? HOLD_FREE : static_cast<hold_state>(state);
}

hold_state Hold::state_of(pid_t task) {
  const int state = ioctl(file_, HOLD_STATE, task);
  return state < 0 ? HOLD_FREE : static_cast<hold_state>(state);
}

bool Hold::is_anybody_busy() { return ioctl(file_, HOLD_BUSY, 0) > 0; }

bool Hold::is_busy(pid_t task) { return ioctl(file_, HOLD_BUSY, task) > 0; }

}  // namespace agent
