#pragma once
#include <optional>
#include <string>
#include <vector>

#include "traces/recording.h"

namespace hmm {

// The most calls of one process that can be under way at once.
inline constexpr unsigned kUnderWay = 4;

// Who may call next in a trace of a recording: which processes live, and which calls are held or
// wait.
class CallOrder {
 public:
  // What had to stand there instead of the call with its result; nothing if it may stand there.
  std::optional<std::string> expected_instead_of(const RecordedCall& call) const;
  // Goes on to after a call that may stand there.
  void take(const RecordedCall& call);
  bool has_child() const { return has_child_; }
  // Nothing is looked at while a call is under way.
  bool is_settled() const { return under_way_.empty() && !ended_; }

 private:
  const RecordedCall* find(Outcome how) const;
  const RecordedCall* find_same(const RecordedCall& call) const;

  bool has_child_ = false, ended_ = false;
  std::vector<RecordedCall> under_way_;  // with `held` or `waits`, as it was last
};

}  // namespace hmm
