#pragma once
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"
#include "tools/runs/report.h"
#include "traces/trace_file.h"

// What becomes of a run that violates something: a trace, its shortest form, a file.
namespace hmm {

// What is said of a run that ends where the scope has no number for it, as rules of which one is
// dropped may lead to: what comes after is not known.
inline constexpr const char* kLeavesRanges = "a step leads out of the ranges of the scope";

// The trace of a failing run, which says what it violates and where: all of it at its end, and on
// the way what is new. `bad` is what a run without steps violates.
TraceFile failing_run(const Profile& k, const std::string& scope, const PlainSteps& steps,
                      PropertySet bad, const Leaves* start = nullptr);
std::string failing_trace(const Profile& k, const std::string& scope, const PlainSteps& steps,
                          PropertySet bad, const Leaves* start = nullptr);

// The shortest canonical form of a run that violates one of `bad`: the first of them, as otherwise
// shrinking would wander from one bug to another.
// A stop leaves it at what was found by then.
PlainSteps shortest_failure(JudgedMachine& machine, const Profile& k, const PlainSteps& steps,
                            PropertySet bad, const Leaves* start = nullptr,
                            const std::stop_token& stop = {});

// What the explorer says of the kernel, who asks for `wanted` and looks no deeper than the
// violation that was found, in its shortest form, is: so the shortest there is. What was found,
// where the explorer is not built for the scope or comes to none within so many states.
Violation explored_failure(const std::string& scope, const Profile& k, const Violation& found,
                           PropertySet wanted, const std::stop_token& stop = {},
                           std::uint64_t max_states = 5'000'000);

// Where failing runs go, as --save says: each to a file of its own in a folder, the first to a
// file, or nowhere (`` or `-`, as it is printed anyway). Without --save, to a file in the current
// folder that is named as what failed.
class FailureFiles {
 public:
  // Throws InputError for what cannot be written. Nobody has asked for the file that has no name,
  // so that is no reason not to begin.
  explicit FailureFiles(std::optional<std::string> save);
  // Saves the trace of the report's last row; `explore-tiny.trace` is a name of one.
  void save_last(Report& report, const std::string& name);
  bool is_folder() const { return is_folder_; }

 private:
  bool is_nowhere() const { return save_ && (save_->empty() || *save_ == "-"); }

  std::optional<std::string> save_;
  bool is_folder_ = false, is_used_ = false;
};

// `step -> verdict` for each verdict of a step that was not seen, waived ones left out.
std::vector<std::string> verdicts_never_reached(const VerdictsSeen& seen, const Profile& k);

}  // namespace hmm
