#pragma once
#include <fmt/format.h>

#include "tools/verbs/common.h"
#include "traces/replay.h"
#include "traces/shrink.h"

namespace hmm {

// The trace of a failing run, ending in what it violates.
template <Scope S>
std::string failing_trace(const Profile& k, const std::string& scope,
                          const std::vector<Step<Concrete<S>>>& steps, PropertySet bad,
                          const State<Concrete<S>>& start = initial_state<Concrete<S>>()) {
  TraceFile trace = make_trace<S>(scope, k.name, k, steps, start);
  for (const auto& name : names_of_properties(bad)) {
    TraceLine line{};
    line.kind = TraceLine::Kind::expect_violated;
    line.text = name;
    trace.lines.push_back(std::move(line));
  }
  return print_trace(trace);
}

// Saves a failing run at once, then its shortest canonical form; returns the latter's text.
template <Scope S>
std::string save_failure(const RunOptions& o, const Profile& k, const std::string& scope,
                         const std::vector<Step<Concrete<S>>>& steps, PropertySet bad) {
  write_file(o.save, failing_trace<S>(k, scope, steps, bad));
  // One property at a time, or shrinking would wander from one bug to another.
  const PropertySet first = bad & (~bad + 1);
  const auto fails = [&](const std::vector<Step<Concrete<S>>>& candidate) {
    auto s = initial_state<Concrete<S>>();
    for (const auto& step : candidate) {
      take<Concrete<S>>(k, s, step);
      if (violated(k, s, first) != 0) return true;
    }
    return false;
  };
  const auto shortest = shrink<S>(k, steps, fails);
  auto s = initial_state<Concrete<S>>();
  for (const auto& step : shortest) take<Concrete<S>>(k, s, step);
  const std::string text = failing_trace<S>(k, scope, shortest, violated(k, s, kAllProperties));
  write_file(o.save, text);
  return text;
}

inline void print_failure(const RunOptions& o, PropertySet bad, const std::string& trace) {
  if (o.json || o.ktap) return;
  fmt::print("violated: {}\n{}saved: {}\n", joined(names_of_properties(bad)), trace, o.save);
}

}  // namespace hmm
