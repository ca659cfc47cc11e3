#include "traces/recording_order.h"

#include <fmt/format.h>

#include <algorithm>

namespace hmm {
namespace {

std::string result_of(const RecordedCall& call) {
  return fmt::format("the result of {}", print_call(call));
}

}  // namespace

const RecordedCall* CallOrder::find(Outcome how) const {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(),
                                  [&](const RecordedCall& one) { return one.result.is(how); });
  return found == under_way_.end() ? nullptr : &*found;
}

const RecordedCall* CallOrder::find_same(const RecordedCall& call) const {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(),
                                  [&](const RecordedCall& one) { return one.repeats(call); });
  return found == under_way_.end() ? nullptr : &*found;
}

std::optional<std::string> CallOrder::expected_instead_of(const RecordedCall& call) const {
  if (ended_) return "end, after a call that never returns";
  if (call.actor == 1 && !has_child_) return "a call of A, as B is not alive";
  const call::Row& row = row_of(call.what);
  if (row.begins_child && (call.actor == 1 || has_child_))
    return fmt::format("a {} by A while B is not alive", row.name);
  if (row.ends_child && call.actor == 0) return fmt::format("an {} of B", row.name);
  if (row.ends_child && call.result.ends_in(Ending::under_way))
    return "a call that can be under way";
  const RecordedCall* const same = find_same(call);
  if (call.result.is(Outcome::waits) && under_way_.size() == (same == nullptr ? 0u : 1u))
    return "a call that does not wait, as none is held";
  if (same != nullptr) return std::nullopt;
  if (find(Outcome::held) == nullptr && !under_way_.empty()) return result_of(under_way_.front());
  const auto own = std::count_if(under_way_.begin(), under_way_.end(),
                                 [&](const auto& one) { return one.actor == call.actor; });
  const auto of_own = std::find_if(under_way_.begin(), under_way_.end(),
                                   [&](const auto& one) { return one.actor == call.actor; });
  if (own == kUnderWay || (own != 0 && row.ends_child)) return result_of(*of_own);
  return std::nullopt;
}

void CallOrder::take(const RecordedCall& call) {
  ended_ = call.result.ends_in(Ending::no_return);
  const call::Row& row = row_of(call.what);
  if (call.result.is(Outcome::ok)) has_child_ = (has_child_ || row.begins_child) && !row.ends_child;
  const auto same = std::find_if(under_way_.begin(), under_way_.end(),
                                 [&](const RecordedCall& one) { return one.repeats(call); });
  const bool is_under_way = call.result.ends_in(Ending::under_way);
  if (same != under_way_.end() && is_under_way)
    *same = call;
  else if (same != under_way_.end())
    under_way_.erase(same);
  else if (is_under_way)
    under_way_.push_back(call);
}

}  // namespace hmm
