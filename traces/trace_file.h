#pragma once
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/machine.h"
#include "model/scopes.h"
#include "traces/profile_file.h"
#include "traces/text.h"
#include "traces/want_text.h"

// A trace file:
//
//   # The story, and the citation.
//   hmmcheck-trace 1
//   scope default
//   profile 6.12
//   set commit_checks_seq=0
//   drop zap_pte_range.put_page
//   rules mine
//   given pte mm=0 vpn=0 kind=present pfn=1 read=1
//   do_anonymous_page mm=0 vpn=0 pfn=1  -> ok
//   expect pte mm=0 vpn=0 kind=present pfn=1
//   expect violated cpu_coherence
//
// or, of a run that never ends,
//
//   cycle
//   do_swap_page slot=0 mm=0 vpn=0  -> ok
//   do_swap_page_end slot=0  -> ok
//   expect hangs cpu mm=0 vpn=0 write=0
//
// `set` lines change switches of the profile, `drop` lines take rules of model/rules.h out, and
// `rules` names a build of edited ones (tools/rules). With `given` lines the run starts from a
// blank state with those fields set, else from initial_state(). A verdict may be left out, and `#`
// after a blank starts a comment anywhere. What follows `cycle` is for ever: it ends where it
// began. `expect hangs` says who of traces/want_text.h is in want all that time, or, without a
// cycle, that nothing goes on any more; if it names nobody, what is in flight never ends.
namespace hmm {

struct TraceLine {
  enum class Kind { comment, given, step, cycle, expect_row, expect_violated, expect_hangs };
  Kind kind = Kind::comment;
  unsigned number = 0;  // in the file; 0 in a trace that was made
  std::string text;     // of a comment; the property of expect_violated
  PlainStep step;
  std::optional<Verdict> verdict;  // of a step, if it was recorded
  PlainRow row;                    // of given and expect_row
  std::vector<Want> wants;         // of expect_hangs

  friend bool operator==(const TraceLine&, const TraceLine&) = default;
};

struct TraceFile {
  std::string path;
  std::vector<std::string> comments;  // above the version line
  std::string scope, profile;
  std::vector<std::pair<std::string, bool>> overrides;
  std::vector<RuleId> drops;
  FieldEdit edit;
  std::string rules;  // empty: this program's own
  std::vector<TraceLine> lines;

  Scope sizes() const { return scope_named(scope)->scope; }
  // The profile, with the overrides and the edit and without what is dropped.
  Profile kernel() const;
  // Where a line stands, for messages.
  Origin at(const TraceLine& line) const { return {path, line.number}; }
};

// Throws InputError for whatever is not a trace, or one as ITF (traces/itf.h). `properties` are the
// names that `expect violated` may use.
TraceFile parse_trace(std::string_view text, const std::string& path,
                      std::span<const std::string_view> properties);
TraceFile load_trace(const std::string& path, std::span<const std::string_view> properties);

// The text of a trace, with the verdicts in one column; parse_trace() gives the trace back.
std::string print_trace(const TraceFile& trace);

// Puts the machine, which is of the trace's scope, where the trace starts.
void start(Machine& machine, const TraceFile& trace);
PlainSteps steps_of(const TraceFile& trace);

// A trace without lines, of the kernel `k`: the shipped profile of its name with switches changed.
// If none has its name, as of a profile file, then the nearest, so that the trace can go where the
// file does not.
TraceFile trace_header(const std::string& scope, const Profile& k);

// A trace of a run from `start`, or else from the initial state, with its verdicts.
TraceFile make_trace(const std::string& scope, const Profile& k, Machine& machine,
                     const PlainSteps& steps, const Leaves* start = nullptr);

}  // namespace hmm
