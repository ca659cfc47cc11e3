#pragma once
#include <vector>

#include "model/machine.h"
#include "traces/recording.h"

namespace hmm {

// What calls a search for the one that takes a step has to look at.
struct DriveCalls {
  unsigned pages = 0, values = 0;  // from 0 on
  std::vector<unsigned> actors, devices;
};
// Each call of each kind, with every argument that it can have there.
std::vector<RecordedCall> calls_among(const DriveCalls& some);

}  // namespace hmm
