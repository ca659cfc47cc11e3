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

}  // namespace

ReplayReport replay(const TraceFile& trace, const Profile& k, Machine& machine,
                    const ReplayHooks& hooks) {
  const StateText text(machine.scope());
  ReplayReport report{trace.path, {}, 0, {}};
  start(machine, trace);
  Leaves leaves = machine.leaves();
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
