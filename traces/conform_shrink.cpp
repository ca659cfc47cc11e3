#include <algorithm>
#include <optional>

#include "traces/conform_run.h"
#include "traces/recording_order.h"

namespace hmm {
namespace {

// What the model says of the last call.
struct Answer {
  std::string result, failure;
  std::vector<Observation> before, after;
  friend bool operator==(const Answer&, const Answer&) = default;
};

// The calls get the model's results, and it is said what is seen; the last apart. False if the
// model does not get there, or if the calls cannot stand in this order.
bool answer_all_but_last(std::vector<RecordedStep>& steps, ConformRun& run) {
  CallOrder order;
  for (auto& step : steps) {
    const bool is_last = &step == &steps.back();
    if (!is_last) step.call.result = run.call(step.call);
    if (!step.call.result.unknown.empty() || !run.failure().empty()) return false;
    if (order.expected_instead_of(step.call)) return false;
    order.take(step.call);
    if (!is_last) step.seen = order.is_settled() ? run.observe() : std::vector<Observation>{};
  }
  return true;
}

// Nothing if the model does not get to the last call.
std::optional<Answer> answer(std::vector<RecordedStep> steps, const ConformOptions& options) {
  ConformRun run(options);
  if (!answer_all_but_last(steps, run)) return std::nullopt;
  Answer out;
  out.before = run.observe();
  out.result = print_result(run.call(steps.back().call));
  out.failure = run.failure();
  out.after = run.observe();
  return out;
}

}  // namespace

RecordedTrace shrink_own(const RecordedTrace& trace, const ConformOptions& options) {
  RecordedTrace out = trace;
  const auto wanted = answer(out.steps, options);
  if (!wanted) return out;
  for (bool changed = true; changed;) {
    changed = false;
    // Any run of calls, long ones first, the last call apart.
    for (std::size_t length = out.steps.size(); length-- > 1 && !changed;)
      for (std::size_t first = 0; first + length < out.steps.size() && !changed; ++first) {
        auto fewer = out.steps;
        const auto at = fewer.begin() + static_cast<std::ptrdiff_t>(first);
        fewer.erase(at, at + static_cast<std::ptrdiff_t>(length));
        changed = answer(fewer, options) == wanted;
        if (changed) out.steps = std::move(fewer);
      }
  }
  ConformRun run(options);
  answer_all_but_last(out.steps, run);
  return out;
}

}  // namespace hmm
