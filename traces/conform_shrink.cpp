#include <algorithm>
#include <optional>

#include "traces/conform_run.h"

namespace hmm {
namespace {

// What the model says of the last call.
struct Answer {
  std::string result, failure;
  std::vector<Observation> before, after;
  friend bool operator==(const Answer&, const Answer&) = default;
};

// Nothing if the model does not get to the last call.
std::optional<Answer> answer(const std::vector<RecordedStep>& steps,
                             const ConformOptions& options) {
  ConformRun run(options);
  for (std::size_t i = 0; i + 1 < steps.size(); ++i)
    if (!run.call(steps[i].call).unknown.empty() || !run.failure().empty()) return std::nullopt;
  Answer out;
  out.before = run.observe();
  out.result = print_result(run.call(steps.back().call));
  out.failure = run.failure();
  out.after = run.observe();
  return out;
}

}  // namespace

RecordedTrace shrink_divergence(const RecordedTrace& trace, const ConformOptions& options) {
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
  for (std::size_t i = 0; i + 1 < out.steps.size(); ++i) {
    out.steps[i].call.result = run.call(out.steps[i].call);
    out.steps[i].seen = run.observe();
  }
  return out;
}

}  // namespace hmm
