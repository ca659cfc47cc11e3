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
    for (const bool has_table : {false, true})
      for (const bool may_move : {false, true}) {
        has_table_ = has_table;
        may_move_ = may_move;
        made_ = has_table || may_move ? kMostCalls * 3 / 4 : 0;
        if (const auto whole = from(beginning(has_table))) return planned(*whole);
        // Where it is taken step by step, all ways were tried or it is not known.
        if (!has_table && !may_move) plan.is_undecided = is_over();
      }
    plan.why_not =
        plan.is_undecided ? "no calls that take its steps, of the many that were tried" : why_not_;
    return plan;
  }

 private:
  bool is_over() const { return made_ >= kMostCalls; }

  // A page that no step is about gives the walks of the others a page table to come by.
  DrivePart beginning(bool has_table) {
    DrivePart part = trace_.beginning();
    const unsigned page = kRecordedPages - 1;
    if (!has_table || trace_.scope().vpns > page) return part;
    const call::Mmap mmap{{page, page}, call::Rights::rw, call::Memory::anon};
    for (const Call& call : {Call(mmap), Call(call::Store{{page}, {0}})}) {
      const MadeCall made = make(part, {0, 0, call, {}});
      part.calls.push_back(made.call);
      part.order.take(made.call);
    }
    return part;
  }

  // The first calls that are found, those of each kind in the order of the model's list.
  std::optional<DrivePart> from(const DrivePart& part) {
    if (part.next() == trace_.steps().size()) return finished(part);
    bool goes_on = false;
    for (const auto& call : calls_for(part)) {
      for (const WayOn& way : ways_on(part, call)) {
        goes_on = true;
        if (is_over()) return std::nullopt;
        if (auto whole = from(way.part)) return whole;
      }
    }
    if (!goes_on) note_why_not(part);
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

  // The call to its end, and to each of the places that it comes by, the best first.
  std::vector<WayOn> ways_on(const DrivePart& part, const RecordedCall& call) {
    std::vector<WayOn> ways;
    const auto add = [&](const MadeCall& made, std::size_t place) {
      auto then = trace_.with(part, made, may_move_);
      if (!then) return;
      ways.push_back(
          {then->early - part.early, trace_.steps().size() - then->taken.size(), place, *then});
    };
    const MadeCall whole = make(part, call);
    add(whole, 0);
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
    std::stable_sort(ways.begin(), ways.end(),
                     [](const WayOn& a, const WayOn& b) { return a.is_before(b); });
    return ways;
  }

  // Those that could take the next step: what is under way goes on, or another begins.
  std::vector<RecordedCall> calls_for(const DrivePart& part) const {
    const PlainStep& step = trace_.steps()[part.next()].step;
    const auto& fields = step_shapes()[step.kind].fields;
    DriveCalls some{trace_.scope().vpns, trace_.scope().tokens, {}, {}};
    for (std::size_t f = 0; f < fields.size(); ++f) {
      if (fields[f].sort.noun == Noun::device)
        some.devices.push_back(part.names.device(step.values[f]));
      if (fields[f].sort.noun == Noun::mm && some.actors.empty())
        some.actors.push_back(step.values[f]);
    }
    if (some.devices.empty()) some.devices = part.names.devices();
    if (some.actors.empty()) some.actors = {0, 1};
    std::vector<RecordedCall> calls;
    for (const auto& one : part.under_way) {
      calls.push_back(one.call);
      calls.back().result = {};
    }
    for (const auto& call : calls_among(some))
      if (std::none_of(part.under_way.begin(), part.under_way.end(),
                       [&](const auto& one) { return one.call.repeats(call); }))
        calls.push_back(call);
    std::erase_if(calls,
                  [&](const auto& call) { return call.actor == 1 && !part.order.has_child(); });
    return calls;
  }

  // Those that have not returned come back; where the rules of the trace do not know what comes of
  // one, those of another kernel may.
  std::optional<DrivePart> finished(DrivePart part) {
    if (!trace_.is_end(part)) return std::nullopt;
    bool is_known = true;
    for (unsigned i = 0; i < kMostLastCalls && !part.under_way.empty(); ++i) {
      auto next = std::find_if(part.under_way.begin(), part.under_way.end(),
                               [](const auto& one) { return one.call.result.is(Outcome::held); });
      if (next == part.under_way.end()) next = part.under_way.begin();
      RecordedCall call = next->call;
      call.result = {};
      if (is_known) {
        const MadeCall made = make(part, call);
        is_known = made.call.result.unknown.empty() && !part.order.expected_instead_of(made.call);
        if (is_known) call.result = made.call.result;
      }
      part.calls.push_back(call);
      if (is_known) part.order.take(call);
      next->call = call;
      if (!call.result.ends_in(Ending::under_way)) part.under_way.erase(next);
    }
    return part;
  }

  // Of the calls that come furthest.
  void note_why_not(const DrivePart& part) {
    if (may_move_ || has_table_ || (!why_not_.empty() && part.next() <= furthest_)) return;
    furthest_ = part.next();
    const TraceStep& step = trace_.steps()[furthest_];
    why_not_ = fmt::format("line {}: {} ", step.line, step.said());
    if (const auto passed = part.passed.find(furthest_); passed != part.passed.end()) {
      const auto& [call, before, after] = passed->second;
      why_not_ +=
          fmt::format("lies between places: {} goes from {} to {} in one", call,
                      before.empty() ? "its begin" : before, after.empty() ? "its return" : after);
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
      plan.steps.push_back({step.line, step.said(), *part.taken_by[i], is_refused, false, false});
    }
    for (std::size_t t = 0; t < part.taken.size(); ++t)
      for (std::size_t later = t + 1; later < part.taken.size(); ++later)
        if (part.taken[later] < part.taken[t]) plan.steps[part.taken[t]].is_early = true;
    // What its own rules do not know, others may.
    const DrivePlan answered = answered_by(plan, model_);
    if (answered.why_not.empty()) return answered;
    ConformRun run(model_);
    for (const auto& call : part.calls) {
      run.call(call);
      plan.taken.push_back(run.steps());
    }
    plan.why_unanswered = answered.why_not;
    return plan;
  }

  DriveTrace trace_;
  const ConformOptions& model_;
  bool has_table_ = false, may_move_ = false;
  std::size_t made_ = 0;
  std::size_t furthest_ = 0;
  std::string why_not_;
};

}  // namespace

DrivePlan plan_drive(const TracedRun& run, const ConformOptions& model) {
  return Planner(run, model).plan();
}

DrivePlan answered_by(DrivePlan plan, const ConformOptions& model) {
  ConformRun run(model);
  CallOrder order;
  std::vector<std::vector<std::string>> taken;
  for (auto& step : plan.calls.steps) {
    step.call.result = run.call(step.call);
    taken.push_back(run.steps());
    const auto expected = order.expected_instead_of(step.call);
    if (!step.call.result.unknown.empty() || !run.failure().empty() || expected) {
      plan.why_not =
          fmt::format("{}: {}", print_call(step.call),
                      !run.failure().empty() ? run.failure()
                      : expected             ? "expected " + *expected
                                 : "not known: " + std::string(step.call.result.unknown));
      return plan;
    }
    order.take(step.call);
    step.seen = order.is_settled() ? run.observe() : std::vector<Observation>{};
  }
  for (auto& step : plan.steps)
    step.is_otherwise = !plan.taken.empty() && plan.taken[step.call] != taken[step.call];
  if (plan.taken.empty()) plan.taken = std::move(taken);
  return plan;
}

}  // namespace hmm
