#pragma once
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/swapops/config.h"
#include "properties/engines/compare_steps.h"
#include "properties/engines/engines.h"
#include "traces/recording.h"

// What one kernel does otherwise than another, and which promises that breaks or mends.
namespace hmm {

// A step that goes another way, with a shortest run of the first kernel to it.
struct FoundDifference {
  std::string scope;  // the first at which it was found
  Difference what;
};

struct DiffOptions {
  std::vector<std::string> scopes;  // that are explored, in this order
  std::string prove;                // the scope of the proofs; empty for none
  bool prove_elsewhere = false;     // at other scopes, of what that one has none of
  unsigned timeout_ms = 60'000;     // for one step's proof
  unsigned threads = 2;
  std::stop_token stop;
  // Called with a shortest run to the first difference, as soon as there is one.
  std::function<void(const FoundDifference&)> first;
};

// A promise that one of the kernels breaks at a scope, with a shortest run of that kernel.
struct FoundBroken {
  std::string scope;
  PropertySet promise = 0;  // one
  PlainSteps steps;
};

// What is said of a promise of one kernel is not known of the other.
struct NotKnown {
  FoundBroken what;
  bool in_b = false;  // it breaks in the second kernel, and the search of the first did not end
};

// A step that differs where no search came by: from a state that need not be reachable.
struct ProvedOnly {
  std::string scope;  // of the proof
  StepComparison what;
  // The promises that it breaks from some such state in the second kernel, and from none in the
  // first. Asked at pair: nothing of a step that is the same there, as larger scopes take long, nor
  // of one that a proof came to no end with.
  std::optional<PropertySet> may_break;
};

struct KernelDiff {
  std::vector<FoundDifference> differences;  // one for each step and pair of verdicts
  std::vector<StepComparison> proofs;        // one for each step
  std::string proved_at;                     // the scopes of the proofs, that of most first
  // One for each promise and scope at which it breaks.
  std::vector<FoundBroken> broken_in_a, broken_in_b;
  // Which kernel's states were all seen there.
  struct Searched {
    std::string scope;
    bool a = false, b = false;
  };
  std::vector<Searched> searched;
  // Every scope was explored to the end, and every step proved to be the same or not.
  bool is_complete = true;
  std::vector<std::string> scopes_not_to_the_end, steps_not_proved;
  // The steps of two kernels that are not one and the same which were neither proved the same or
  // not nor can happen where a search was: of them nothing is known.
  std::vector<std::string> not_compared;
  std::uint64_t edges = 0;  // compared
  double seconds = 0;

  bool is_same() const;
  // The promises that only one of the kernels breaks: the second, or the first. The other has been
  // searched to the end where it breaks.
  std::vector<FoundBroken> newly_broken() const;
  std::vector<FoundBroken> mended() const;
  // The promises that one of them breaks, and that the other may.
  std::vector<NotKnown> not_known() const;
  // Steps of which a proof knows that they differ, and that no search came by.
  std::vector<ProvedOnly> proved_only;
  // What was not seen to the end, in a line; empty if all was.
  std::string rest() const;
  // How many steps' proofs have the answer: out_of_scope of what no scope of the proofs has.
  std::size_t steps(Answer answer) const;
};

// `do_swap_page: ok -> page_locked (nothing happens)`.
std::string name_of(const Difference& what);

// What the step may break. `kernel`: the second one, as options of a command name it.
std::string in_words(const ProvedOnly& step, const std::string& kernel);

// The names of the defects that both have and that break promises by themselves.
std::vector<std::string> common_defects(const Profile& a, const Profile& b);
// The kernels without the defects that both have and that break promises by themselves, so that
// what breaks is for what differs.
std::pair<Profile, Profile> without_common_defects(Profile a, Profile b);

// The largest scope that both kernels have proofs at, or none: what is about two operations at once
// does not differ where there is one at a time.
std::string scope_of_proofs(const Profile& a, const Profile& b);

// The scopes are explored, and there are proofs at the other one.
KernelDiff diff_kernels(const Profile& a, const Profile& b, const DiffOptions& options);

// What the last step of a run does in each of the kernels, both of them where the first one comes
// to: its verdict, and the rows that it changes.
struct BothSides {
  Verdict a{}, b{};
  std::vector<std::string> rows_a, rows_b;  // StateText::diff()
};
BothSides both_sides(const FoundDifference& found, const Profile& a, const Profile& b);

// A call that both kernels' rules were asked about, and that came out differently.
struct DifferentCall {
  std::string source;
  unsigned line = 0;
  std::string call, kernel;  // what the kernel did that recorded
  std::string a, b;          // what the others do; empty is as it did
};
// `recorded ok cpages=1, with B efault`, or with A, or with both.
std::string in_words(const DifferentCall& call);
// What comes of the traces of a recording: the first such call of each. What comes after a call
// that both make otherwise than the kernel, and alike, is not known, nor what comes after one that
// a kernel's rules do not know.
struct DifferentCalls {
  std::vector<DifferentCall> calls;
  std::size_t traces = 0, unknown_in_a = 0, unknown_in_b = 0;
};
DifferentCalls different_calls(const Recording& recording, SwapKernel kernel, const Profile& a,
                               const Profile& b, const std::stop_token& stop);

}  // namespace hmm
