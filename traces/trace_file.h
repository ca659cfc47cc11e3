#pragma once
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/run.h"
#include "model/scopes.h"
#include "traces/profile_file.h"
#include "traces/text.h"

// A trace file:
//
//   # The story, and the citation.
//   hmmcheck-trace 1
//   scope default
//   profile 6.12
//   set commit_checks_seq=0
//   given pte mm=0 vpn=0 kind=present pfn=1 read=1
//   do_anonymous_page mm=0 vpn=0 pfn=1  -> ok
//   expect pte mm=0 vpn=0 kind=present pfn=1
//   expect violated cpu_coherence
//
// `set` lines change switches of the profile. With `given` lines the run starts from a blank state
// with those fields set, else from initial_state(). A verdict may be left out, and `#` after a
// blank starts a comment anywhere.
namespace hmm {

struct TraceLine {
  enum class Kind { comment, given, step, expect_row, expect_violated };
  Kind kind = Kind::comment;
  unsigned number = 0;  // in the file; 0 in a trace that was made
  std::string text;     // of a comment; the property of expect_violated
  PlainStep step;
  std::optional<Verdict> verdict;  // of a step, if it was recorded
  PlainRow row;                    // of given and expect_row

  friend bool operator==(const TraceLine&, const TraceLine&) = default;
};

struct TraceFile {
  std::string path;
  std::vector<std::string> comments;  // above the version line
  std::string scope, profile;
  std::vector<std::pair<std::string, bool>> overrides;
  std::vector<TraceLine> lines;

  Scope sizes() const { return scope_named(scope)->scope; }
  // The profile, with the overrides.
  Profile kernel() const;
  // Where a line stands, for messages.
  Origin at(const TraceLine& line) const { return {path, line.number}; }
};

// Throws InputError for whatever is not a trace. `properties` are the names that `expect violated`
// may use.
TraceFile parse_trace(std::string_view text, const std::string& path,
                      std::span<const std::string_view> properties);
TraceFile load_trace(const std::string& path, std::span<const std::string_view> properties);

// The text of a trace, with the verdicts in one column; parse_trace() gives the trace back.
std::string print_trace(const TraceFile& trace);

// The trace's words at its scope.
template <Scope S>
struct BoundTrace {
  State<Concrete<S>> start;
  std::vector<Step<Concrete<S>>> steps;  // one for each line that is a step
};

template <Scope S>
State<Concrete<S>> start_of(const TraceFile& trace) {
  const StateText text(S);
  Leaves leaves(leaves_of<S>({}));
  bool given = false;
  for (const auto& line : trace.lines) {
    if (line.kind != TraceLine::Kind::given) continue;
    text.set(leaves, line.row);
    given = true;
  }
  return given ? state_of<S>(leaves) : initial_state<Concrete<S>>();
}

template <Scope S>
BoundTrace<S> bind(const TraceFile& trace) {
  BoundTrace<S> out{start_of<S>(trace), {}};
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::step) out.steps.push_back(typed<S>(line.step));
  return out;
}

// A trace without lines, of the kernel `k`: the profile of that name with its switches changed. In
// place of a file it names the shipped profile that `k` is nearest to, so that the trace can go
// where the file does not.
TraceFile trace_header(const std::string& scope, const std::string& profile, const Profile& k);

// A trace of a run from `start`, its verdicts recorded.
template <Scope S>
TraceFile make_trace(const std::string& scope, const std::string& profile, const Profile& k,
                     const std::vector<Step<Concrete<S>>>& steps,
                     const State<Concrete<S>>& start = initial_state<Concrete<S>>()) {
  using Line = TraceLine::Kind;
  TraceFile trace = trace_header(scope, profile, k);
  const Leaves leaves = leaves_of<S>(start);
  if (leaves != leaves_of<S>(initial_state<Concrete<S>>())) {
    for (auto& row : StateText(S).rows(leaves))
      trace.lines.push_back({Line::given, 0, {}, {}, {}, std::move(row)});
    // A blank start has no rows, but must not be taken for the initial state.
    if (trace.lines.empty())
      trace.lines.push_back(
          {Line::given, 0, {}, {}, {}, StateText(S).parse_row("mm mm=0 alive=0", {})});
  }
  State<Concrete<S>> s = start;
  for (const auto& step : steps)
    trace.lines.push_back({Line::step, 0, {}, plain<S>(step), take<Concrete<S>>(k, s, step), {}});
  return trace;
}

}  // namespace hmm
