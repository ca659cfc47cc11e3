#include "tools/runs/failure.h"

#include <fmt/format.h>

#include <filesystem>

#include "model/step_infos.h"
#include "properties/waivers.h"
#include "tools/runs/files.h"
#include "tools/runs/output.h"
#include "traces/shrink.h"
#include "traces/trace_file.h"

namespace hmm {

TraceFile failing_run(const Profile& k, const std::string& scope, const PlainSteps& steps,
                      PropertySet bad, const Leaves* start) {
  const auto machine = machine_at(scope);
  TraceFile trace = make_trace(scope, k, *machine, steps, start);
  std::vector<TraceLine> lines;
  PropertySet said = 0;
  const auto expect = [&](PropertySet violated) {
    for (const auto& name : names_of_properties(violated)) {
      TraceLine line{};
      line.kind = TraceLine::Kind::expect_violated;
      line.text = name;
      lines.push_back(std::move(line));
    }
    said |= violated;
  };
  machine->restart(start);
  std::size_t taken = 0;
  for (auto& line : trace.lines) {
    lines.push_back(line);
    if (line.kind != TraceLine::Kind::step) continue;
    machine->take(k, line.step);
    const PropertySet now = machine->violated(k, kAllProperties);
    // On the way what was not searched for is violated too: said where it is new, so that a replay
    // expects it. At the end all of it is.
    expect(++taken == steps.size() ? now : now & ~said);
  }
  if (steps.empty()) expect(bad);
  trace.lines = std::move(lines);
  return trace;
}

std::string failing_trace(const Profile& k, const std::string& scope, const PlainSteps& steps,
                          PropertySet bad, const Leaves* start) {
  return print_trace(failing_run(k, scope, steps, bad, start));
}

PlainSteps shortest_failure(JudgedMachine& machine, const Profile& k, const PlainSteps& steps,
                            PropertySet bad, const Leaves* start, const std::stop_token& stop) {
  const PropertySet first = first_of(bad);
  const auto fails = [&](const PlainSteps& candidate) {
    return !stop.stop_requested() && first_violation(machine, k, candidate, first, start) != 0;
  };
  return shrink(machine, k, steps, fails, start);
}

Violation explored_failure(const std::string& scope, const Profile& k, const Violation& found,
                           PropertySet wanted, const std::stop_token& stop,
                           std::uint64_t max_states) {
  if (!is_built(scope, Engine::explore, k.rules)) return found;
  const auto machine = machine_at(scope);
  ExploreOptions options;
  options.properties = wanted;
  options.max_depth = static_cast<unsigned>(
      shortest_failure(*machine, k, found.steps, found.bad, nullptr, stop).size());
  options.max_states = max_states;
  options.stop = stop;
  ExploreResult r = explore(scope, k, options);
  const bool is_worse = (r.bad & promises()) == 0 && (found.bad & promises()) != 0;
  return r.bad == 0 || is_worse ? found : Violation{r.bad, std::move(r.counterexample)};
}

FailureFiles::FailureFiles(std::optional<std::string> save) : save_(std::move(save)) {
  if (!save_ || is_nowhere()) return;
  std::error_code ignored;
  is_folder_ = save_->ends_with('/') || std::filesystem::is_directory(*save_, ignored);
  is_folder_ ? require_folder("--save", *save_) : require_writable(*save_);
}

void FailureFiles::save_last(Report& report, const std::string& name) {
  if (is_nowhere()) return;
  const std::string file = "hmmcheck-" + name;
  if (!save_) return report.save_last(file);
  if (is_folder_) return report.save_last((std::filesystem::path(*save_) / file).string());
  if (is_used_)
    return warn(
        fmt::format("not saved: {}: has an earlier failure; --save FOLDER keeps each", *save_));
  is_used_ = true;
  report.save_last(*save_);
}

std::vector<std::string> verdicts_never_reached(const VerdictsSeen& seen, const Profile& k) {
  std::vector<std::string> never;
  for (std::size_t kind = 0; kind < step_infos().size(); ++kind) {
    const StepInfo& step = step_infos()[kind];
    for (const Verdict v : step.verdicts)
      if ((seen[kind] >> static_cast<unsigned>(v) & 1) == 0 &&
          waiver_of(step.name, v, k) == nullptr)
        never.push_back(fmt::format("{} -> {}", step.name, name_of(v)));
  }
  return never;
}

}  // namespace hmm
