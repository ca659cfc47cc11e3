#include "tools/runs/drive_report.h"

#include <fmt/format.h>

#include "traces/conform_run.h"

namespace hmm {
namespace {

std::string lines_of(std::vector<Observation> seen) {
  rename_frames(seen);
  std::string lines;
  for (const auto& one : seen) lines += "    " + print_observation(one) + "\n";
  return lines;
}

// How the kernel's answer to a call differs from the model's; nothing if it does not.
std::string difference(const RecordedStep& model, const RecordedStep* kernel) {
  if (kernel == nullptr) return "the kernel did not come to it";
  if (!kernel->call.repeats(model.call)) return "the kernel made " + print_call(kernel->call);
  const std::string said = print_result(kernel->call.result);
  if (said != print_result(model.call.result)) return "kernel " + said;
  const std::string expected = lines_of(model.seen), seen = lines_of(kernel->seen);
  if (expected == seen) return "";
  return fmt::format("seen otherwise\n  predicted\n{}  kernel\n{}", expected, seen);
}

}  // namespace

DriveReport compare_driven(const DrivePlan& plan, const DrivenTrace& driven) {
  DriveReport report;
  report.steps = plan.steps.size();
  bool differs = false;
  for (std::size_t i = 0; i < plan.calls.steps.size(); ++i) {
    const RecordedStep& model = plan.calls.steps[i];
    const RecordedStep* kernel = i < driven.trace.steps.size() ? &driven.trace.steps[i] : nullptr;
    const std::string other = differs ? "" : difference(model, kernel);
    const std::string how = differs ? "not compared" : other.empty() ? "same" : "differs";
    report.text +=
        fmt::format("{}: predicted {}: {}{}\n", print_call(model.call),
                    print_result(model.call.result), how, other.empty() ? "" : ", " + other);
    for (const auto& step : plan.steps) {
      if (step.call != i) continue;
      report.text += fmt::format("  line {}: {}: {}{}{}\n", step.line, step.text,
                                 step.is_otherwise ? "not so by the rules of the kernel: " : "",
                                 how, step.is_early ? ", before steps that precede it" : "");
      report.same += how == "same" ? 1 : 0;
    }
    differs = differs || !other.empty();
  }
  // What the calls that were left in the end come to belongs to it.
  if (differs && report.same == report.steps) report.same -= 1;
  return report;
}

}  // namespace hmm
