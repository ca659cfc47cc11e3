#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/runs/drive_names.h"
#include "tools/runs/traces.h"
#include "traces/recording_order.h"

// Calls that take some of the steps of a trace.
namespace hmm {

struct TraceStep {
  unsigned line = 0;
  PlainStep step;
  Verdict verdict = Verdict::ok;
  std::string said() const;  // as it stands in the trace
};

// A call that has not returned.
struct CallUnderWay {
  RecordedCall call;
  std::size_t number = 0;  // of its first line among all calls
  unsigned lane = 0;
};

// A step that a call took before it could be held, though others precede it in the trace.
struct PassedStep {
  std::string call;
  std::string_view place_before, place_after;  // empty: where the call begins, or returns
};

struct DrivePart {
  std::vector<RecordedCall> calls{};
  std::vector<CallUnderWay> under_way{};
  CallOrder order{};
  std::vector<std::optional<std::size_t>> taken_by{};  // for each step, the line of its call
  std::vector<std::size_t> taken{};                    // steps, in the order in which they are
  std::size_t early = 0;                               // so many of them before one that precedes
  std::map<std::size_t, PassedStep> passed{};          // by step
  DriveNames names;
  Leaves state;  // of the trace, after the steps that are taken

  // The first step that is not taken; how many there are, if all are.
  std::size_t next() const;
};

// A call that was made after others, and all that it did.
struct MadeCall {
  RecordedCall call;  // with its result
  std::vector<OnTheWay> way;
};

// The steps of a trace, for calls to take.
class DriveTrace {
 public:
  explicit DriveTrace(const TracedRun& run);

  // Why no call can take its steps, if that is known at once.
  const std::string& why_not() const { return why_not_; }
  const Scope& scope() const { return scope_; }
  // Those that take effect, and the last if it is refused for what another call has: whoever comes
  // to it waits.
  const std::vector<TraceStep>& steps() const { return steps_; }
  const std::vector<TraceStep>& refused() const { return refused_; }
  DrivePart beginning() const;
  // The state that the trace ends in.
  bool is_end(const DrivePart& part) const { return part.state == end_; }
  // With the call, if it takes the next step of the trace and stops where the trace leaves it; may
  // it take others before their time, too.
  std::optional<DrivePart> with(const DrivePart& part, const MadeCall& made, bool may_move) const;

 private:
  std::string read_steps(const TraceFile& trace);
  void take_all(DrivePart& part, const MadeCall& made, std::size_t own, bool may_move) const;
  bool take(DrivePart& part, std::size_t step, const PlainStep& taken, std::size_t number) const;
  void note_passed(DrivePart& part, const MadeCall& made, std::size_t at, std::size_t number) const;

  Machine& machine_;
  Profile k_;
  Scope scope_;
  StateText text_;
  std::vector<TraceStep> steps_, refused_;
  bool ends_in_wait_ = false;
  Leaves end_;
  std::string why_not_;
};

}  // namespace hmm
