#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/profile.h"
#include "model/state.h"
#include "model/swapops/config.h"
#include "traces/recording.h"
#include "traces/trace_table.h"

// Runs the calls of a recording through the model and compares every result and observation.
namespace hmm {

// The most calls that can be under way at once.
inline constexpr unsigned kCallsUnderWay = 4;

// Four pages in two processes at most, each mapped or held by a pipe, and what copies need; each
// device can hold them all.
inline constexpr Scope kRecordingScope{.mms = 2,
                                       .mirrored_mms = 2,
                                       .vpns = kRecordedPages,
                                       .system_pages = 20,
                                       .device_pages = 8,
                                       .devices = kRecordedDevices,
                                       .coherent_devices = 2,
                                       .invalidations = kCallsUnderWay,
                                       .migrations = kCallsUnderWay,
                                       .device_faults = kCallsUnderWay,
                                       .cpu_faults = kCallsUnderWay,
                                       .exclusives = kCallsUnderWay,
                                       .evictions = kCallsUnderWay,
                                       .holds = 8,
                                       .files = 9,
                                       .dirty_bits = 1,
                                       .soft_dirty_bits = 1,
                                       .tokens = 64};
using RecordingDomain = Concrete<kRecordingScope>;

// What a kernel and the model show of one thing after a call.
struct Compared {
  unsigned line = 0;  // in the recording
  std::string what;   // `result`, `A page 0`
  std::string kernel, model;
  bool differs = false;
};

// A call as the model made it.
struct ModelledCall {
  std::vector<TakenStep> steps;
  std::vector<Compared> seen;  // the result first; no observations if nobody looked
};

struct ConformOptions {
  Profile profile;
  SwapKernel kernel = SwapKernel::v6_12;  // that recorded: swap type numbers and pagemap's habits
  // The names of the properties that do not hold, asked after every step.
  std::function<std::vector<std::string>(const Profile&, const State<RecordingDomain>&)> violated{};
  // After each call that the model knows.
  std::function<void(const RecordedCall&, const ModelledCall&)> after_call{};
};
// Where the model is before the first call.
Leaves start_of_recordings();

struct Divergence {
  std::string source;
  unsigned line = 0;                // of the result or the observation that differs
  std::string call, kernel, model;  // what was called, and what each then did or showed
  std::vector<std::string> before;  // the observations that the model gives before the call
  std::vector<std::string> steps;   // that the model took in it, with their verdicts
  RecordedTrace trace;              // up to the call that differs
};
// `file:line: call: kernel ..., model ...`.
std::string print_divergence(const Divergence& d);
// That, and on lines of their own the state before and the steps.
std::string print_divergence_in_full(const Divergence& d);

struct ConformReport {
  std::size_t traces = 0;
  std::size_t agreeing = 0;        // every call judged and equal
  std::size_t diverging = 0;       // traces; judged up to the call that differs
  std::size_t not_to_the_end = 0;  // traces with a call the model does not know
  std::size_t calls = 0;
  std::size_t judged = 0;
  std::size_t agreeing_calls = 0;
  std::vector<Divergence> divergences;                      // at most one a trace
  std::map<std::string, std::size_t, std::less<>> unknown;  // the calls that ended a judgement
  // By name of a defect of the profile: the calls that would have come out, or be seen, differently
  // without it.
  std::map<std::string, std::size_t, std::less<>> decided;
  // By defect and property: the traces in which it broke the property, where without it it holds.
  std::map<std::pair<std::string, std::string>, std::size_t> broken;

  void add(const ConformReport& other);
};

// Adds what a recording gives to the report.
void conform(const Recording& recording, const ConformOptions& options, ConformReport& report);

// What judges recordings with the text of a rules build (properties/engines/rules_builds.h), where
// the profile names it. Each is added once, before anything is asked; conform() and
// shrink_divergence() throw std::invalid_argument where there is none.
struct ConformDoor {
  std::size_t state_size = sizeof(State<RecordingDomain>);
  void (*conform)(const Recording&, const ConformOptions&, ConformReport&) = nullptr;
  RecordedTrace (*shrink)(const RecordedTrace&, const ConformOptions&) = nullptr;
};
void add_conform(const std::string& rules, const ConformDoor& door);
bool has_conform(std::string_view rules);

// A diverging trace with the calls left out that the model says have nothing to do with it: what it
// sees before the call that differs, and its answer, stay as they are. Whether the kernel agrees
// only the kernel can say. The calls before the last get the model's answers, so that the result is
// a recording, which diverges as the whole did.
RecordedTrace shrink_divergence(const RecordedTrace& trace, const ConformOptions& options);

// The kernel that a file name such as `linux-6.12.txt` tells.
std::optional<SwapKernel> kernel_of_recording(const std::string& path);
// Throws InputError for a name that tells none.
SwapKernel named_kernel_of_recording(const std::string& path);

}  // namespace hmm
