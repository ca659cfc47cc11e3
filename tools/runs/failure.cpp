#include "tools/runs/failure.h"

#include <fmt/format.h>

#include "model/step_infos.h"
#include "properties/waivers.h"
#include "tools/runs/files.h"
#include "traces/shrink.h"
#include "traces/trace_file.h"

namespace hmm {

std::string failing_trace(const Profile& k, const std::string& scope, const PlainSteps& steps,
                          PropertySet bad, const Leaves* start) {
  TraceFile trace = make_trace(scope, k, *machine_at(scope), steps, start);
  for (const auto& name : names_of_properties(bad)) {
    TraceLine line{};
    line.kind = TraceLine::Kind::expect_violated;
    line.text = name;
    trace.lines.push_back(std::move(line));
  }
  return print_trace(trace);
}

PlainSteps shortest_failure(JudgedMachine& machine, const Profile& k, const PlainSteps& steps,
                            PropertySet bad, const Leaves* start) {
  const PropertySet first = bad & (~bad + 1);
  const auto fails = [&](const PlainSteps& candidate) {
    return first_violation(machine, k, candidate, first, start) != 0;
  };
  return shrink(machine, k, steps, fails, start);
}

std::string save_failure(const std::string& path, const Profile& k, const std::string& scope,
                         const PlainSteps& steps, PropertySet bad) {
  if (!path.empty()) write_file(path, failing_trace(k, scope, steps, bad));
  const auto machine = machine_at(scope);
  const PlainSteps shortest = shortest_failure(*machine, k, steps, bad);
  first_violation(*machine, k, shortest, bad & (~bad + 1));
  const std::string text = failing_trace(k, scope, shortest, machine->violated(k, kAllProperties));
  if (!path.empty()) write_file(path, text);
  return text;
}

std::vector<std::string> verdicts_never_reached(const VerdictsSeen& seen) {
  std::vector<std::string> never;
  for (std::size_t kind = 0; kind < step_infos().size(); ++kind) {
    const StepInfo& step = step_infos()[kind];
    for (const Verdict v : step.verdicts)
      if ((seen[kind] >> static_cast<unsigned>(v) & 1) == 0 && waiver_of(step.name, v) == nullptr)
        never.push_back(fmt::format("{} -> {}", step.name, name_of(v)));
  }
  return never;
}

}  // namespace hmm
