#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "tools/runs/guest.h"

namespace hmm {

// What is left of traces of which a kernel died or hung.
struct Reduced {
  // As they came back, the last one ends in the failure; none if nothing failed to begin with.
  std::vector<RecordedTrace> traces;
  Driven how = Driven::whole;     // the kernel came through it
  std::size_t boots = 0;          // kernels that were asked
  unsigned repeated = 0, of = 0;  // how often what is left failed again, in fresh kernels
};

struct ReduceOptions {
  // A fresh kernel that is given the traces, up to the first of which it dies or hangs.
  std::function<std::vector<DrivenTrace>(const std::vector<RecordedTrace>&)> drive;
  // The trace up to the call in which it fails in the way that is looked for; nothing if it does
  // not. Without it: if the kernel does not come through, in the way in which it first did not.
  std::function<std::optional<RecordedTrace>(const DrivenTrace&)> failing;
  std::stop_token stop;
  std::function<void(std::size_t boots, std::size_t calls_left)> progress;
};

// Leaves out traces, then calls, then makes arguments simpler, as long as a fresh kernel still
// fails in the same way in the last call. What is left cannot do without any one of its calls.
Reduced reduce(std::vector<RecordedTrace> traces, const ReduceOptions& options);

}  // namespace hmm
