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

void diverge(ReplayReport& report, const Origin& at, std::string_view expected,
             std::string_view found) {
  report.divergence =
      fmt::format("{}:{}: expected {}, found {}", at.source, at.line, expected, found);
}

}  // namespace hmm
