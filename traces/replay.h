#pragma once
#include <functional>

#include "traces/trace_file.h"

// Runs a trace and compares what happens with what it says.
namespace hmm {

struct StepReport {
  unsigned line = 0;
  std::string step;  // as text
  Verdict verdict = Verdict::ok;
  std::vector<std::string> changes;  // what it did to the state, as StateText::diff()
};

struct ReplayReport {
  std::string path;
  std::vector<StepReport> steps;  // those that ran
  std::size_t expectations = 0;   // `expect` lines that held
  // Where the run first differed from the trace, and stopped: `path:line: expected ..., found ...`.
  std::string divergence;

  bool agrees() const { return divergence.empty(); }
};

// The step, its verdict, and below it what it changed.
std::string print_step_report(const StepReport& step);
std::string print_replay(const ReplayReport& report);

struct ReplayHooks {
  // After each step, with the machine where the step left it.
  std::function<void(Verdict, const TraceLine&)> after_step;
  // Whether the property is violated there; an `expect violated` line needs it.
  std::function<bool(std::string_view property)> violates;
  // Why they are not in want for ever where the machine is, if these steps are taken over and over;
  // empty if they are. An `expect hangs` line needs it.
  std::function<std::string(const std::vector<Want>& wants, const PlainSteps& cycle)> denies_hang;
};

// The machine is of the trace's scope; it is left where the run ended. Throws InputError for a
// cycle that does not end where it began.
ReplayReport replay(const TraceFile& trace, const Profile& k, Machine& machine,
                    const ReplayHooks& hooks = {});

}  // namespace hmm
