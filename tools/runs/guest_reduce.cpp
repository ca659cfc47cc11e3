#include "tools/runs/guest_reduce.h"

#include <algorithm>
#include <utility>

#include "tools/runs/rapid_calls_draw.h"
#include "traces/recording_order.h"

namespace hmm {
namespace {

using Traces = std::vector<RecordedTrace>;

// Whether every call may stand where it stands.
bool is_in_order(const RecordedTrace& trace) {
  CallOrder order;
  for (const auto& step : trace.steps) {
    RecordedCall call = step.call;
    if (!call.result.ends_in(Ending::under_way)) call.result = {};
    if (order.expected_instead_of(call)) return false;
    order.take(call);
  }
  return true;
}

std::size_t calls_in(const Traces& traces) {
  std::size_t n = 0;
  for (const auto& trace : traces) n += trace.steps.size();
  return n;
}

class Reducer {
 public:
  explicit Reducer(const ReduceOptions& options) : options_(options) {}

  Reduced run(Traces traces) {
    if (!is_failing(traces)) return std::move(out_);
    leave_out_traces();
    join();
    while (leave_out_calls() || simplify()) {
    }
    constexpr unsigned kTimes = 5;
    for (; out_.of < kTimes && !is_over(); ++out_.of) out_.repeated += fails(out_.traces) ? 1 : 0;
    return std::move(out_);
  }

 private:
  bool is_over() const { return options_.stop.stop_requested(); }

  std::optional<RecordedTrace> failing(const DrivenTrace& one) const {
    if (options_.failing) return options_.failing(one);
    const bool is_first = out_.traces.empty();
    if (one.how == Driven::whole || (!is_first && one.how != out_.how)) return std::nullopt;
    return one.trace;
  }
  // The first that fails ends them.
  std::optional<Traces> failing(const Traces& traces) {
    ++out_.boots;
    if (options_.progress) options_.progress(out_.boots, calls_in(out_.traces));
    Traces came;
    for (const auto& one : options_.drive(traces)) {
      auto cut = failing(one);
      came.push_back(cut ? std::move(*cut) : one.trace);
      how_ = one.how;
      if (cut) return came;
      if (one.how != Driven::whole) break;
    }
    return std::nullopt;
  }
  bool fails(const Traces& traces) { return failing(traces).has_value(); }

  // If they fail in the same way they are what is left.
  bool is_failing(const Traces& traces) {
    if (is_over() || !std::all_of(traces.begin(), traces.end(), is_in_order)) return false;
    auto came = failing(traces);
    if (!came) return false;
    out_.how = how_;
    out_.traces = std::move(*came);
    return true;
  }

  // Without runs of traces before the last, shorter and shorter ones.
  void leave_out_traces() {
    for (std::size_t some = out_.traces.size() / 2; some > 0; some /= 2)
      for (std::size_t from = 0; from + 1 < out_.traces.size();) {
        Traces fewer = out_.traces;
        const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(from);
        const std::size_t count = std::min(some, fewer.size() - 1 - from);
        fewer.erase(first, first + static_cast<std::ptrdiff_t>(count));
        if (!is_failing(fewer)) from += count;
        if (is_over()) return;
      }
  }

  // All in the processes of one trace, if that fails as well.
  void join() {
    if (out_.traces.size() < 2) return;
    RecordedTrace one = out_.traces.front();
    for (std::size_t i = 1; i < out_.traces.size(); ++i)
      one.steps.insert(one.steps.end(), out_.traces[i].steps.begin(), out_.traces[i].steps.end());
    is_failing({one});
  }

  bool leave_out_calls() {
    bool any = false;
    for (std::size_t t = 0; t < out_.traces.size(); ++t)
      for (std::size_t some = std::max<std::size_t>(out_.traces[t].steps.size() / 2, 1); some > 0;
           some /= 2)
        for (std::size_t from = 0; t < out_.traces.size() && from < out_.traces[t].steps.size();) {
          Traces fewer = out_.traces;
          auto& steps = fewer[t].steps;
          const std::size_t count = std::min(some, steps.size() - from);
          const auto first = steps.begin() + static_cast<std::ptrdiff_t>(from);
          steps.erase(first, first + static_cast<std::ptrdiff_t>(count));
          if (steps.empty()) fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(t));
          if (!fewer.empty() && is_failing(fewer)) {
            any = true;
          } else {
            from += count;
          }
          if (is_over()) return false;
        }
    return any;
  }

  bool simplify() {
    for (std::size_t t = 0; t < out_.traces.size(); ++t)
      for (std::size_t i = 0; i < out_.traces[t].steps.size(); ++i)
        for (const auto& call : smaller_calls(out_.traces[t].steps[i].call)) {
          Traces simpler = out_.traces;
          simpler[t].steps[i].call.what = call.what;
          simpler[t].steps[i].call.actor = call.actor;
          if (is_failing(simpler)) return true;
          if (is_over()) return false;
        }
    return false;
  }

  const ReduceOptions& options_;
  Driven how_ = Driven::whole;
  Reduced out_;
};

}  // namespace

Reduced reduce(std::vector<RecordedTrace> traces, const ReduceOptions& options) {
  return Reducer(options).run(std::move(traces));
}

}  // namespace hmm
