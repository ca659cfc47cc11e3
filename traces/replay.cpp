#include "traces/replay.h"

#include <fmt/format.h>

namespace hmm {

std::string print_step_report(const StepReport& step) {
  std::string out = fmt::format("{}  -> {}\n", step.step, name_of(step.verdict));
  for (const auto& change : step.changes) out += fmt::format("    {}\n", change);
  return out;
}

std::string print_replay(const ReplayReport& report) {
  std::string out;
  for (const auto& step : report.steps) out += print_step_report(step);
  if (!report.agrees()) out += report.divergence + "\n";
  return out;
}

namespace {

void diverge(ReplayReport& report, const Origin& at, std::string_view expected,
             std::string_view found) {
  report.divergence =
      fmt::format("{}:{}: expected {}, found {}", at.source, at.line, expected, found);
}

// Where a cycle began, and its steps so far.
struct Cycle {
  std::optional<Leaves> from;
  PlainSteps steps;
};

void expect_hangs(ReplayReport& report, const TraceFile& trace, const TraceLine& line,
                  const Cycle& cycle, const Leaves& here, const StateText& text,
                  const ReplayHooks& hooks) {
  if (cycle.from && *cycle.from != here)
    reject(trace.at(line), "the state in which the cycle began",
           text.diff(*cycle.from, here).front());
  if (cycle.from && cycle.steps.empty()) reject(trace.at(line), "a step of the cycle", "none");
  const std::string why = hooks.denies_hang ? hooks.denies_hang(line.wants, cycle.steps)
                                            : std::string("nobody to judge it");
  if (why.empty())
    ++report.expectations;
  else
    diverge(report, trace.at(line), trimmed("hangs " + print_wants(line.wants)), why);
}

}  // namespace

ReplayReport replay(const TraceFile& trace, const Profile& k, Machine& machine,
                    const ReplayHooks& hooks) {
  const StateText text(machine.scope());
  ReplayReport report{trace.path, {}, 0, {}};
  start(machine, trace);
  Leaves leaves = machine.leaves();
  Cycle cycle;
  for (const auto& line : trace.lines) {
    if (!report.agrees()) break;
    switch (line.kind) {
      case TraceLine::Kind::comment:
      case TraceLine::Kind::given:
        break;
      case TraceLine::Kind::step: {
        const Verdict verdict = machine.take(k, line.step);
        const Leaves after = machine.leaves();
        report.steps.push_back(
            {line.number, print_step(line.step), verdict, text.diff(leaves, after)});
        leaves = after;
        if (cycle.from) cycle.steps.push_back(line.step);
        if (hooks.after_step) hooks.after_step(verdict, line);
        if (line.verdict && *line.verdict != verdict)
          diverge(report, trace.at(line), fmt::format("-> {}", name_of(*line.verdict)),
                  name_of(verdict));
        break;
      }
      case TraceLine::Kind::expect_row: {
        const PlainRow found = text.read(leaves, line.row);
        if (found == line.row)
          ++report.expectations;
        else
          diverge(report, trace.at(line), text.print_row(line.row), text.print_row(found));
        break;
      }
      case TraceLine::Kind::cycle:
        cycle.from = leaves;
        break;
      case TraceLine::Kind::expect_hangs:
        expect_hangs(report, trace, line, cycle, leaves, text, hooks);
        break;
      case TraceLine::Kind::expect_violated:
        if (hooks.violates && hooks.violates(line.text))
          ++report.expectations;
        else
          diverge(report, trace.at(line), "violated " + line.text,
                  hooks.violates ? "that it holds" : "nobody to judge it");
        break;
    }
  }
  return report;
}

}  // namespace hmm
