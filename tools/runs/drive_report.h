#pragma once
#include <string>

#include "tools/runs/drive_plan.h"
#include "tools/runs/guest.h"

namespace hmm {

struct DriveReport {
  std::string text;      // call by call, with the steps of each
  std::size_t same = 0;  // steps whose calls came to what the model says of them
  std::size_t steps = 0;
  bool is_same() const { return same == steps; }
};

// What a kernel answered to the calls of a plan, beside what the model does. What follows the first
// call that differs is not compared.
DriveReport compare_driven(const DrivePlan& plan, const DrivenTrace& driven);

}  // namespace hmm
