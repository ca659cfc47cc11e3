#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "tools/runs/guest.h"

namespace hmm {

// What is left of traces of which a kernel died or hung.
struct Reduced {
  std::vector<RecordedTrace> traces;  // as they came back, the last one ends in the failure
  Driven how = Driven::whole;         // whole: nothing failed to begin with
  std::size_t boots = 0;              // kernels that were asked
  unsigned repeated = 0, of = 0;      // how often what is left failed again, in fresh kernels
};

struct ReduceOptions {
  // A fresh kernel that is given the traces, up to the first of which it dies or hangs.
  std::function<std::vector<DrivenTrace>(const std::vector<RecordedTrace>&)> drive;
  // The trace up to the first call in which the kernel and the model differ; nothing if they agree.
  // Without it a kernel fails if it dies or hangs.
  std::function<std::optional<RecordedTrace>(const RecordedTrace&)> differing;
  std::stop_token stop;
  std::function<void(std::size_t boots, std::size_t calls_left)> progress;
};

// Leaves out traces, then calls, then makes arguments simpler, as long as a fresh kernel still
// fails in the same way in the last call. What is left cannot do without any one of its calls.
Reduced reduce(std::vector<RecordedTrace> traces, const ReduceOptions& options);

}  // namespace hmm
