#pragma once
#include <optional>
#include <string>

#include "traces/recording.h"

namespace hmm {

// Who may call next in a trace of a recording: which processes live, and which call is held or
// waits.
class CallOrder {
 public:
  // What had to stand there instead of the call with its result; nothing if it may stand there.
  std::optional<std::string> expected_instead_of(const RecordedCall& call) const;
  // Goes on to after a call that may stand there.
  void take(const RecordedCall& call);
  bool has_child() const { return has_child_; }
  // Nothing is looked at while a call is under way.
  bool is_settled() const { return !held_ && !waiting_ && !ended_; }

 private:
  bool has_child_ = false, ended_ = false;
  std::optional<RecordedCall> held_, waiting_;
};

}  // namespace hmm
