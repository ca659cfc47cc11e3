#include "tools/runs/drive_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "tools/runs/drive_calls.h"
#include "tools/runs/drive_part.h"

namespace hmm {
namespace {

// A search that comes to nothing is given up after so many calls of the model.
constexpr std::size_t kMostCalls = 400'000;

// A call that has not returned when the trace ends comes back in the end, or never does.
constexpr unsigned kMostLastCalls = 24;

// More calls, and what makes them better than others: few steps before their time, many of the
// trace, and no call held that can return.
struct WayOn {
  std::size_t early = 0, left = 0, place = 0;
  DrivePart part;
  bool is_before(const WayOn& other) const {
    return std::tie(early, left, place) < std::tie(other.early, other.left, other.place);
  }
};

class Planner {
 public:
  Planner(const TracedRun& run, const ConformOptions& model) : trace_(run), model_(model) {}

  DrivePlan plan() {
    DrivePlan plan;
    if (plan.why_not = trace_.why_not(); !plan.why_not.empty()) return plan;
    for (const bool may_move : {false, true}) {
      may_move_ = may_move;
      if (const auto whole = from(trace_.beginning())) return planned(*whole);
    }
    plan.is_undecided = is_over();
    plan.why_not =
        is_over() ? "no calls that take its steps, of the many that were tried" : why_not_;
    return plan;
  }

 private:
  bool is_over() const { return made_ >= kMostCalls; }

  std::optional<DrivePart> from(const DrivePart& part) {
    if (part.next() == trace_.steps().size()) return finished(part);
    auto ways = ways_on(part);
    std::stable_sort(ways.begin(), ways.end(),
                     [](const WayOn& a, const WayOn& b) { return a.is_before(b); });
    if (ways.empty()) note_why_not(part);
    for (const WayOn& way : ways) {
      if (is_over()) break;
      if (auto whole = from(way.part)) return whole;
    }
    return std::nullopt;
  }

  MadeCall make(const DrivePart& part, const RecordedCall& call) {
    ConformRun run(model_);
    for (const auto& before : part.calls) run.call(before);
    made_ += part.calls.size() + 1;
    MadeCall made{call, {}};
    made.call.result = run.call(call);
    if (!run.failure().empty()) made.call.result = unknown_call("the model refuses a step of it");
    made.way = run.way();
    return made;
  }

  std::vector<WayOn> ways_on(const DrivePart& part) {
    std::vector<WayOn> ways;
    waits_.clear();
    for (const auto& one : part.under_way) {
      RecordedCall call = one.call;
      call.result = {};
      add_ways_on(part, call, ways);
    }
    for (const auto& call : calls_for(part)) add_ways_on(part, call, ways);
    return ways;
  }
  // The call to its end, and to each of the places that it comes by.
  void add_ways_on(const DrivePart& part, const RecordedCall& call, std::vector<WayOn>& ways) {
    const auto add = [&](const MadeCall& made, std::size_t place) {
      auto then = trace_.with(part, made, may_move_);
      if (!then) return;
      ways.push_back(
          {then->early - part.early, trace_.steps().size() - then->taken.size(), place, *then});
    };
    const MadeCall whole = make(part, call);
    add(whole, 0);
    if (waits_.empty() && whole.call.result.is(Outcome::waits)) waits_ = print_call(call);
    std::vector<std::string_view> places;
    bool has_begun = false;
    for (const auto& one : whole.way) {
      has_begun = has_begun || one.place.empty();
      if (!has_begun || one.place.empty() ||
          std::find(places.begin(), places.end(), one.place) != places.end())
        continue;
      places.push_back(one.place);
      RecordedCall held = call;
      held.result = Outcome::held;
      held.result.held_at = one.place;
      const MadeCall made = make(part, held);
      if (made.call.result.is(Outcome::held)) add(made, places.size());
    }
  }

  // Those that could take the next step.
  std::vector<RecordedCall> calls_for(const DrivePart& part) const {
    const PlainStep& step = trace_.steps()[part.next()].step;
    const auto& fields = step_shapes()[step.kind].fields;
    DriveCalls some{trace_.scope().vpns, trace_.scope().tokens, {}, {}};
    for (std::size_t f = 0; f < fields.size(); ++f)
      if (fields[f].sort.noun == Noun::device)
        some.devices.push_back(part.names.device(step.values[f]));
    if (some.devices.empty()) some.devices = part.names.devices();
    some.actors.push_back(0);
    if (part.order.has_child()) some.actors.push_back(1);
    auto calls = calls_among(some);
    std::erase_if(calls, [&](const RecordedCall& call) {
      return std::any_of(part.under_way.begin(), part.under_way.end(),
                         [&](const auto& one) { return one.call.repeats(call); });
    });
    return calls;
  }

  // Those that have not returned come back.
  std::optional<DrivePart> finished(DrivePart part) {
    if (!trace_.is_end(part)) return std::nullopt;
    for (unsigned i = 0; i < kMostLastCalls && !part.under_way.empty(); ++i) {
      auto next = std::find_if(part.under_way.begin(), part.under_way.end(),
                               [](const auto& one) { return one.call.result.is(Outcome::held); });
      if (next == part.under_way.end()) next = part.under_way.begin();
      RecordedCall call = next->call;
      call.result = {};
      const MadeCall made = make(part, call);
      if (const auto why = unfit(part, made); !why.empty()) {
        why_not_ = fmt::format("after its last step, {}: {}", print_call(call), why);
        return std::nullopt;
      }
      part.calls.push_back(made.call);
      part.order.take(made.call);
      next->call = made.call;
      if (!made.call.result.ends_in(Ending::under_way)) part.under_way.erase(next);
    }
    return part.under_way.empty() ? std::optional(part) : std::nullopt;
  }
  static std::string unfit(const DrivePart& part, const MadeCall& made) {
    if (!made.call.result.unknown.empty()) return std::string(made.call.result.unknown);
    if (made.call.result.ends_in(Ending::no_return)) return "it never returns";
    const auto expected = part.order.expected_instead_of(made.call);
    return expected ? "expected " + *expected : "";
  }

  // Of the calls that come furthest.
  void note_why_not(const DrivePart& part) {
    if (may_move_ || (!why_not_.empty() && part.next() <= furthest_)) return;
    furthest_ = part.next();
    const TraceStep& step = trace_.steps()[furthest_];
    why_not_ = fmt::format("line {}: {} ", step.line, step.said());
    if (const auto passed = part.passed.find(furthest_); passed != part.passed.end()) {
      const auto& [call, before, after] = passed->second;
      why_not_ +=
          fmt::format("lies between places: {} goes from {} to {} in one", call,
                      before.empty() ? "its begin" : before, after.empty() ? "its return" : after);
    } else if (!waits_.empty()) {
      why_not_ += fmt::format("is no call's there, and {} waits", waits_);
    } else {
      why_not_ += "is no call's there";
    }
  }

  DrivePlan planned(const DrivePart& part) const {
    DrivePlan plan;
    plan.calls.seed = 1;
    for (const auto& call : part.calls) {
      plan.calls.steps.push_back({call, {}});
      plan.held += call.result.is(Outcome::held) ? 1 : 0;
    }
    for (std::size_t i = 0; i < trace_.steps().size(); ++i) {
      const TraceStep& step = trace_.steps()[i];
      const bool is_refused = !takes_effect(step.verdict);
      plan.steps.push_back({step.line, step.said(), *part.taken_by[i], is_refused, false});
    }
    for (std::size_t t = 0; t < part.taken.size(); ++t)
      for (std::size_t later = t + 1; later < part.taken.size(); ++later)
        if (part.taken[later] < part.taken[t]) plan.steps[part.taken[t]].is_early = true;
    return answered_by(std::move(plan), model_);
  }

  DriveTrace trace_;
  const ConformOptions& model_;
  bool may_move_ = false;
  std::size_t made_ = 0;
  std::size_t furthest_ = 0;
  std::string why_not_, waits_;
};

}  // namespace

DrivePlan plan_drive(const TracedRun& run, const ConformOptions& model) {
  return Planner(run, model).plan();
}

DrivePlan answered_by(DrivePlan plan, const ConformOptions& model) {
  ConformRun run(model);
  CallOrder order;
  plan.taken.clear();
  for (auto& step : plan.calls.steps) {
    step.call.result = run.call(step.call);
    order.take(step.call);
    step.seen = order.is_settled() ? run.observe() : std::vector<Observation>{};
    plan.taken.push_back(run.steps());
  }
  return plan;
}

}  // namespace hmm
