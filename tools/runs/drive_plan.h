#pragma once
#include <string>
#include <vector>

#include "tools/runs/traces.h"
#include "traces/conform.h"

// A trace of steps that interleave as calls of recordings, which are held in the kernel where steps
// of others come in between.
namespace hmm {

struct PlannedStep {
  unsigned line = 0;     // in the trace's file
  std::string text;      // with its verdict
  std::size_t call = 0;  // which of the calls takes it
  // The rules refuse it: nothing is taken. What a kernel shows of it, if anything, is that its call
  // waits.
  bool is_refused = false;
  bool is_early = false;      // taken before steps that precede it, which comes to the same
  bool is_otherwise = false;  // the rules that answer take other steps in its call
};

struct DrivePlan {
  RecordedTrace calls;  // with what the model answers and sees; `held` where one is to be held
  std::vector<PlannedStep> steps;
  // By call: the steps of the model that it takes, as text; those of the trace are among them.
  std::vector<std::vector<std::string>> taken;
  std::size_t held = 0;  // how many of the calls are stopped on their way
  std::string why_not;   // it cannot be driven; then nothing else is said
  // The rules of the trace do not know what comes of the calls in the end.
  std::string why_unanswered;
  bool is_undecided = false;  // nor is it known whether it can
  bool interleaves() const { return held != 0; }
};

// The calls are looked for: those that the model knows, whose steps are those of the trace in its
// order, or in one that comes to the same state with the same verdicts. Devices, frames and slots
// have other numbers there, and calls take steps beside those of the trace: of devices that its
// scope has none of, or that come along with what they do. `model` is the kernel of the trace.
DrivePlan plan_drive(const TracedRun& run, const ConformOptions& model);

// With what the model of another kernel answers to the same calls.
DrivePlan answered_by(DrivePlan plan, const ConformOptions& model);

}  // namespace hmm
