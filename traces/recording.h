#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/calls/calls.h"
#include "traces/input.h"

// Recordings of real kernels: calls, their results, and what was seen after each. The format is
// that of traces/recordings/FORMAT.md.
namespace hmm {

inline constexpr unsigned kRecordedPages = 4;
inline constexpr unsigned kRecordedDevices = 4;
inline constexpr std::array kActorNames = {'A', 'B'};

struct RecordedCall {
  unsigned line = 0;
  unsigned actor = 0;  // 0 is A, 1 is B
  Call what{};
  CallResult result;  // `unknown` is never set
  // The same call of the same process, whatever became of it.
  bool repeats(const RecordedCall& other) const {
    return actor == other.actor && what == other.what;
  }
};

enum class SeenPte { none, zero, present, entry };

// A page as /proc/PID/pagemap and /proc/kpagecount show it.
struct SeenPage {
  SeenPte kind{};
  unsigned frame = 0;  // a name within the group of observations after one call
  unsigned mapcount = 0;
  unsigned swap_type = 0;
  bool exclusive = false, shared = false, soft_dirty = false;
  friend bool operator==(const SeenPage&, const SeenPage&) = default;
};

// What is seen of one process after a call.
struct Observation {
  unsigned line = 0;
  unsigned actor = 0;
  std::array<SeenPage, kRecordedPages> page{};
  std::array<std::array<std::uint8_t, kRecordedPages>, kRecordedDevices> snapshot{};
  // What was seen, wherever it stands in a file.
  friend bool operator==(const Observation& a, const Observation& b) {
    return a.actor == b.actor && a.page == b.page && a.snapshot == b.snapshot;
  }
};

struct RecordedStep {
  RecordedCall call;
  std::vector<Observation> seen;  // one for each living process, A first; none while a call is held
};

struct RecordedTrace {
  unsigned line = 0;
  std::uint64_t seed = 0;
  std::vector<RecordedStep> steps;
};

struct Recording {
  std::string source;
  std::vector<RecordedTrace> traces;
  std::string refused{};  // why what follows the last trace is not one; empty if nothing does
};

// Throws InputError `source:line: expected ..., found ...`.
Recording parse_recording(std::string_view text, const std::string& source);
// The same of calls that are to be made: what was seen need not be there and is not looked at. With
// results that are required no call is held.
enum class Results { required, optional };
Recording parse_calls(std::string_view text, const std::string& source, Results results);
// The traces before the first that is refused, and why that is: a recording ends in the middle of a
// trace if its kernel died.
Recording parse_whole_traces(std::string_view text, const std::string& source);

// The inverse of parse_recording().
std::string print_call(const RecordedCall& call);  // without the result
std::string print_result(const CallResult& result);
std::string print_page(const SeenPage& page);
std::string print_observation(const Observation& seen);
std::string print_recording(const Recording& recording);

}  // namespace hmm
