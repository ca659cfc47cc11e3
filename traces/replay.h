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

template <Scope S>
struct ReplayHooks {
  using D = Concrete<S>;
  // After each step: the state it left, the step and its verdict.
  std::function<void(const State<D>&, const Step<D>&, Verdict, const TraceLine&)> after_step;
  // Whether the state violates the property; an `expect violated` line needs it.
  std::function<bool(std::string_view property, const State<D>&)> violates;
};

template <Scope S>
struct Replay {
  ReplayReport report;
  State<Concrete<S>> state;  // the last one
};

// Says in `report` that a line does not agree.
void diverge(ReplayReport& report, const Origin& at, std::string_view expected,
             std::string_view found);

template <Scope S>
Replay<S> replay(const TraceFile& trace, const Profile& k, const ReplayHooks<S>& hooks = {}) {
  using D = Concrete<S>;
  const StateText text(S);
  Replay<S> run{{trace.path, {}, 0, {}}, start_of<S>(trace)};
  Leaves leaves = leaves_of<S>(run.state);
  for (const auto& line : trace.lines) {
    if (!run.report.agrees()) break;
    switch (line.kind) {
      case TraceLine::Kind::comment:
      case TraceLine::Kind::given:
        break;
      case TraceLine::Kind::step: {
        const Step<D> step = typed<S>(line.step);
        const Verdict verdict = take<D>(k, run.state, step);
        const Leaves after = leaves_of<S>(run.state);
        run.report.steps.push_back(
            {line.number, print_step(line.step), verdict, text.diff(leaves, after)});
        leaves = after;
        if (hooks.after_step) hooks.after_step(run.state, step, verdict, line);
        if (line.verdict && *line.verdict != verdict)
          diverge(run.report, trace.at(line), std::string("-> ") + name_of(*line.verdict),
                  name_of(verdict));
        break;
      }
      case TraceLine::Kind::expect_row: {
        const PlainRow found = text.read(leaves, line.row);
        if (found == line.row)
          ++run.report.expectations;
        else
          diverge(run.report, trace.at(line), text.print_row(line.row), text.print_row(found));
        break;
      }
      case TraceLine::Kind::expect_violated:
        if (hooks.violates && hooks.violates(line.text, run.state))
          ++run.report.expectations;
        else
          diverge(run.report, trace.at(line), "violated " + line.text,
                  hooks.violates ? "that it holds" : "nobody to judge it");
        break;
    }
  }
  return run;
}

}  // namespace hmm
