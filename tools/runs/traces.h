#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "properties/engines/judged_machine.h"
#include "traces/trace_file.h"

namespace hmm {

// A trace and a machine of its scope.
struct TracedRun {
  TraceFile trace;
  std::unique_ptr<JudgedMachine> machine;
};
// Throws InputError, also for a scope that this build does not have.
TracedRun load_run(const std::string& path);

// What bugs and patches may break.
std::vector<std::string_view> names_of_promises();

// What a trace expects to be violated: anywhere, and after its last step.
PropertySet expected_violated(const TraceFile& trace);
PropertySet expected_violated_at_end(const TraceFile& trace);

}  // namespace hmm
