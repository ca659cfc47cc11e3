#include "traces/recording_order.h"

#include <fmt/format.h>

namespace hmm {
namespace {

bool is_same_call(const std::optional<RecordedCall>& a, const RecordedCall& b) {
  return a && print_call(*a) == print_call(b);
}

// Takes no mmap lock before it has looked at the ptes.
bool may_overtake(CallKind kind) {
  return kind == CallKind::load || kind == CallKind::store || kind == CallKind::release;
}

}  // namespace

std::optional<std::string> CallOrder::expected_instead_of(const RecordedCall& call) const {
  const bool is_held = call.result.is(Outcome::held), waits = call.result.is(Outcome::waits);
  if (ended_) return "end, after a call that never returns";
  if (call.actor == 1 && !has_child_) return "a call of A, as B is not alive";
  if (call.kind == CallKind::fork && (call.actor == 1 || has_child_))
    return "a fork by A while B is not alive";
  if (call.kind == CallKind::exit && call.actor == 0) return "an exit of B";
  if (held_) {
    const std::string of_held = fmt::format("the result of {}", print_call(*held_));
    if (is_same_call(held_, call)) return is_held ? std::optional(of_held) : std::nullopt;
    if (is_held) return of_held;
    if (call.actor != held_->actor)
      return waits ? std::optional<std::string>("a call that does not wait") : std::nullopt;
    if (waiting_ || !may_overtake(call.kind))
      return fmt::format("{} or what overtakes it", of_held);
    return std::nullopt;
  }
  if (waits) return "a call that does not wait, as none is held";
  if (waiting_ && !is_same_call(waiting_, call))
    return fmt::format("the result of {}", print_call(*waiting_));
  return std::nullopt;
}

void CallOrder::take(const RecordedCall& call) {
  ended_ = call.result.ends_in(Ending::no_return);
  if (call.kind == CallKind::fork && call.result.is(Outcome::ok)) has_child_ = true;
  if (call.kind == CallKind::exit && call.result.is(Outcome::ok)) has_child_ = false;
  if (is_same_call(held_, call))
    held_.reset();
  else if (call.result.is(Outcome::held))
    held_ = call;
  if (call.result.is(Outcome::waits))
    waiting_ = call;
  else if (!held_ && is_same_call(waiting_, call))
    waiting_.reset();
}

}  // namespace hmm
