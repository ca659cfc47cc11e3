#include "tools/runs/live_rows.h"

#include <fmt/format.h>

#include "properties/engines/judged_machine.h"
#include "tools/runs/failure.h"
#include "tools/runs/progress.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

// Whether the trace's own kernel hangs as well where the run ends.
bool hangs_alike(const TraceFile& trace, const Hung& hung) {
  const auto machine = machine_at(trace.scope);
  const Profile k = trace.kernel();
  for (const auto& step : hung.run) machine->take(k, step);
  return why_no_hang(*machine, k, hung.wants, hung.cycle).empty();
}

std::string trace_of(const std::string& scope, const Profile& k, const Hung& hung) {
  PlainSteps steps = hung.run;
  steps.insert(steps.end(), hung.cycle.begin(), hung.cycle.end());
  TraceFile trace = failing_run(k, scope, steps, 0);
  // A switch that decides nothing on the way may decide what else could have been done.
  if (!hangs_alike(trace, hung)) trace.overrides = trace_header(scope, k).overrides;
  std::size_t taken = 0;
  for (auto at = trace.lines.begin(); !hung.cycle.empty() && at != trace.lines.end(); ++at)
    if (at->kind == TraceLine::Kind::step && taken++ == hung.run.size()) {
      TraceLine line{};
      line.kind = TraceLine::Kind::cycle;
      trace.lines.insert(at, std::move(line));
      break;
    }
  TraceLine line{};
  line.kind = TraceLine::Kind::expect_hangs;
  line.wants = hung.wants;
  trace.lines.push_back(std::move(line));
  return print_trace(trace);
}

ReportRow row_of(const std::string& scope, const Profile& k, LiveClaim claim,
                 const LivenessResult::Found& found) {
  ReportRow row;
  row.name = fmt::format("liveness {} {}", scope, name_of(claim));
  row.facts = {{"engine", "liveness"},
               {"scope", scope},
               {"profile", k.name},
               {"claim", name_of(claim)},
               {"asked", found.asked}};
  if (found.asked == 0) {
    row.judgement = Judgement::skipped;
    row.detail = "the scope has nobody who could want it";
  }
  if (!found.hung) return row;
  const Hung& hung = *found.hung;
  row.judgement = Judgement::violated;
  row.detail = fmt::format("hangs after {} steps: {}{}", hung.run.size(),
                           said_of_hang(hung.wants, hung.cycle.size()),
                           hung.is_shortest ? "" : " (there may be a shorter one)");
  row.trace = trace_of(scope, k, hung);
  row.facts.update({{"steps", hung.run.size()}, {"cycle", hung.cycle.size()}});
  return row;
}

}  // namespace

std::string_view name_of(LiveClaim claim) { return enumerator_name(claim); }

const char* sentence_of(LiveClaim claim) {
  switch (claim) {
    case LiveClaim::what_is_in_flight_ends:
      return "what is in flight ends, if nobody begins anything";
    case LiveClaim::cpu_accesses_end:
      return "a CPU that tries again gets its page, or SIGBUS; however many threads want it";
    case LiveClaim::device_accesses_end:
      return "a device that tries again gets its page, or an error";
    case LiveClaim::evictions_end:
      return "a driver that tries again empties a frame of its memory";
    case LiveClaim::additions_end:
      return "memory that is plugged in, a device's memory or a mirror is there in the end";
    case LiveClaim::removals_end:
      return "whoever takes memory out, or ends to mirror, is done in the end";
    case LiveClaim::rivals_end:
      return "of two who want different things of a page, one gets through";
  }
  return "";
}

std::vector<std::string_view> names_of_live_claims() {
  const auto& names = kEnumeratorNames<LiveClaim>;
  return {names.begin(), names.end()};
}

std::optional<LiveClaim> live_claim_named(std::string_view name) {
  for (unsigned c = 0; c < kEnumerators<LiveClaim>; ++c)
    if (name_of(static_cast<LiveClaim>(c)) == name) return static_cast<LiveClaim>(c);
  return std::nullopt;
}

std::string said_of_hang(const std::vector<Want>& wants, std::size_t cycle) {
  const std::string who = wants.empty() ? "what is in flight" : print_wants(wants);
  return cycle == 0 ? who + ", and nothing goes on"
                    : fmt::format("{}, a cycle of {} steps", who, cycle);
}

Lived live_rows(const std::string& scope, const Profile& k, LivenessOptions options,
                const Stop& stop) {
  Progress progress("liveness " + scope);
  options.stop = stop.token();
  options.progress = [&](std::string_view what, std::uint64_t count) {
    progress.show(fmt::format("{} {}", grouped(count), what));
  };
  Lived out;
  ReportRow failed;
  decide(failed, [&] { out.result = liveness(scope, k, options); });
  const LivenessResult& r = out.result;
  if (failed.judgement == Judgement::holds && !r.complete)
    failed.detail = stop.is_asked() ? fmt::format("stopped ({})", stop.reason())
                                    : fmt::format("stopped at {} states", grouped(r.states));
  else if (failed.judgement == Judgement::holds && r.leaves_ranges)
    failed.detail = kLeavesRanges;
  for (unsigned c = 0; c < kEnumerators<LiveClaim>; ++c) {
    const auto claim = static_cast<LiveClaim>(c);
    ReportRow row = row_of(scope, k, claim, r.claims[c]);
    if (!failed.detail.empty() && row.judgement != Judgement::violated) {
      row.judgement = Judgement::undecided;
      row.detail = failed.detail;
    }
    row.seconds = r.seconds / kEnumerators<LiveClaim>;
    row.facts.update({{"states", r.states}, {"edges", r.edges}, {"starved", r.starved}});
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace hmm
