#include "traces/recording_order.h"

#include <fmt/format.h>

namespace hmm {
namespace {

bool repeats(const std::optional<RecordedCall>& earlier, const RecordedCall& call) {
  return earlier && call.repeats(*earlier);
}

}  // namespace

std::optional<std::string> CallOrder::expected_instead_of(const RecordedCall& call) const {
  const bool is_held = call.result.is(Outcome::held), waits = call.result.is(Outcome::waits);
  if (ended_) return "end, after a call that never returns";
  if (call.actor == 1 && !has_child_) return "a call of A, as B is not alive";
  const call::Row& row = row_of(call.what);
  if (row.begins_child && (call.actor == 1 || has_child_))
    return fmt::format("a {} by A while B is not alive", row.name);
  if (row.ends_child && call.actor == 0) return fmt::format("an {} of B", row.name);
  if (held_) {
    const std::string of_held = fmt::format("the result of {}", print_call(*held_));
    if (repeats(held_, call)) return is_held ? std::optional(of_held) : std::nullopt;
    if (is_held) return of_held;
    if (call.actor != held_->actor)
      return waits ? std::optional<std::string>("a call that does not wait") : std::nullopt;
    if (waiting_ || row.overtakes == call::Overtakes::no)
      return fmt::format("{} or what overtakes it", of_held);
    return std::nullopt;
  }
  if (waits) return "a call that does not wait, as none is held";
  if (waiting_ && !repeats(waiting_, call))
    return fmt::format("the result of {}", print_call(*waiting_));
  return std::nullopt;
}

void CallOrder::take(const RecordedCall& call) {
  ended_ = call.result.ends_in(Ending::no_return);
  const call::Row& row = row_of(call.what);
  if (call.result.is(Outcome::ok)) has_child_ = (has_child_ || row.begins_child) && !row.ends_child;
  if (repeats(held_, call))
    held_.reset();
  else if (call.result.is(Outcome::held))
    held_ = call;
  if (call.result.is(Outcome::waits))
    waiting_ = call;
  else if (!held_ && repeats(waiting_, call))
    waiting_.reset();
}

}  // namespace hmm
