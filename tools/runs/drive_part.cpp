#include "tools/runs/drive_part.h"

#include <fmt/format.h>

#include <algorithm>

namespace hmm {
namespace {

// The call among those under way, or as it comes to them.
CallUnderWay& lane_of(DrivePart& part, const RecordedCall& call) {
  for (auto& one : part.under_way)
    if (one.call.repeats(call)) return one;
  CallUnderWay own{call, part.calls.size() - 1, 0};
  while (std::any_of(part.under_way.begin(), part.under_way.end(),
                     [&](const auto& one) { return one.lane == own.lane; }))
    ++own.lane;
  return part.under_way.emplace_back(own);
}

// Whose step it is, of those under way.
std::size_t number_of(const DrivePart& part, const PlainStep& step, std::size_t own) {
  const auto& fields = step_shapes()[step.kind].fields;
  for (std::size_t f = 0; f < fields.size(); ++f)
    for (const auto& one : part.under_way)
      if (fields[f].sort.noun == Noun::slot && one.lane == step.values[f]) return one.number;
  return own;
}

}  // namespace

std::string TraceStep::said() const {
  return print_step(step) + " -> " + std::string(name_of(verdict));
}

std::size_t DrivePart::next() const {
  return static_cast<std::size_t>(std::find(taken_by.begin(), taken_by.end(), std::nullopt) -
                                  taken_by.begin());
}

DriveTrace::DriveTrace(const TracedRun& run)
    : machine_(*run.machine), k_(run.trace.kernel()), scope_(run.trace.sizes()), text_(scope_) {
  why_not_ = read_steps(run.trace);
}

std::string DriveTrace::read_steps(const TraceFile& trace) {
  if (!trace.rules.empty()) return "calls run by this program's rules, not by rules:" + trace.rules;
  if (scope_.vpns > kRecordedPages || scope_.mms > kActorNames.size() ||
      !DriveNames(scope_).has_all_devices())
    return "its scope has more pages, processes or devices than recordings have";
  machine_.restart();
  for (const auto& line : trace.lines) {
    if (line.kind == TraceLine::Kind::given)
      return fmt::format("line {}: it begins where no call leads, with `given`", line.number);
    if (line.kind != TraceLine::Kind::step) continue;
    const TraceStep step{line.number, line.step, machine_.take(k_, line.step)};
    if (line.verdict && *line.verdict != step.verdict)
      return fmt::format("line {}: {} by the rules of {}", line.number, name_of(step.verdict),
                         k_.name);
    (takes_effect(step.verdict) ? steps_ : refused_).push_back(step);
    ends_in_wait_ = waits(step.verdict);
  }
  end_ = machine_.leaves();
  if (steps_.empty()) return "none of its steps takes effect";
  if (ends_in_wait_) {
    steps_.push_back(refused_.back());
    refused_.pop_back();
  }
  return "";
}

DrivePart DriveTrace::beginning() const {
  machine_.restart();
  DrivePart part{.names = DriveNames(scope_), .state = machine_.leaves()};
  part.taken_by.resize(steps_.size());
  return part;
}

bool DriveTrace::take(DrivePart& part, std::size_t step, const PlainStep& taken,
                      std::size_t number) const {
  DriveNames names = part.names;
  if (!names.is_same(steps_[step].step, taken, number, text_, part.state)) return false;
  machine_.restart(&part.state);
  if (machine_.take(k_, steps_[step].step) != steps_[step].verdict) return false;
  part.state = machine_.leaves();
  part.names = std::move(names);
  part.taken_by[step] = part.calls.size() - 1;
  part.taken.push_back(step);
  return true;
}

void DriveTrace::take_all(DrivePart& part, const MadeCall& made, std::size_t own,
                          bool may_move) const {
  for (std::size_t at = 0; at < made.way.size(); ++at) {
    const OnTheWay& one = made.way[at];
    if (!one.place.empty()) continue;
    const std::size_t number = number_of(part, one.step, own), next = part.next();
    bool is_taken = false;
    for (std::size_t step = next; step < steps_.size() && !is_taken; ++step) {
      if (part.taken_by[step] || steps_[step].verdict != one.verdict) continue;
      if (step != next && !may_move) break;
      is_taken = take(part, step, one.step, number);
      part.early += is_taken && step != next ? 1 : 0;
    }
    if (!is_taken) note_passed(part, made, at, number);
  }
}

void DriveTrace::note_passed(DrivePart& part, const MadeCall& made, std::size_t at,
                             std::size_t number) const {
  for (std::size_t step = part.next(); step < steps_.size(); ++step) {
    DriveNames names = part.names;
    // Whatever came of it.
    if (part.taken_by[step] ||
        !names.is_same(steps_[step].step, made.way[at].step, number, text_, part.state))
      continue;
    PassedStep passed{print_call(made.call), {}, {}};
    for (std::size_t i = 0; i < made.way.size(); ++i) {
      const auto place = made.way[i].place;
      if (place.empty()) continue;
      if (i < at) passed.place_before = place;
      if (i > at && passed.place_after.empty()) passed.place_after = place;
    }
    part.passed.emplace(step, passed);
    return;
  }
}

std::optional<DrivePart> DriveTrace::with(const DrivePart& before, const MadeCall& made,
                                          bool may_move) const {
  const RecordedCall& call = made.call;
  if (!call.result.unknown.empty() || call.result.ends_in(Ending::no_return) ||
      before.order.expected_instead_of(call))
    return std::nullopt;
  DrivePart part = before;
  const std::size_t first = part.next();
  part.calls.push_back(call);
  part.order.take(call);
  CallUnderWay& lane = lane_of(part, call);
  lane.call = call;
  const std::size_t own = lane.number;
  take_all(part, made, own, may_move);
  if (ends_in_wait_ && part.next() + 1 == steps_.size() && call.result.is(Outcome::waits))
    part.taken_by.back() = part.calls.size() - 1;
  if (!part.taken_by[first]) return std::nullopt;
  if (call.result.ends_in(Ending::under_way)) return part;
  // In the trace it is still under way while others go on.
  if (part.next() < steps_.size() && part.names.is_in_flight(own, text_, part.state))
    return std::nullopt;
  std::erase_if(part.under_way, [&](const auto& one) { return one.number == own; });
  return part;
}

}  // namespace hmm
