#include "tools/verbs/failure.h"

#include <fmt/format.h>

#include "traces/shrink.h"

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

std::string save_failure(const RunOptions& o, const Profile& k, const std::string& scope,
                         const PlainSteps& steps, PropertySet bad) {
  if (!o.save.empty()) write_file(o.save, failing_trace(k, scope, steps, bad));
  // One property at a time, or shrinking would wander from one bug to another.
  const PropertySet first = bad & (~bad + 1);
  const auto machine = machine_at(scope);
  const auto fails = [&](const PlainSteps& candidate) {
    return first_violation(*machine, k, candidate, first) != 0;
  };
  const PlainSteps shortest = shrink(*machine, k, steps, fails);
  first_violation(*machine, k, shortest, first);
  const std::string text = failing_trace(k, scope, shortest, machine->violated(k, kAllProperties));
  if (!o.save.empty()) write_file(o.save, text);
  return text;
}

void print_way_out(const std::string& trace) {
  if (!trace.empty()) fmt::print("could not decide: {}, after:\n{}", kLeavesRanges, trace);
}

void print_failure(const RunOptions& o, PropertySet bad, const std::string& trace) {
  if (o.json || o.ktap) return;
  fmt::print("violated: {}\n{}saved: {}\n", joined(names_of_properties(bad)), trace, o.save);
}

}  // namespace hmm
