#include <fmt/format.h>

#include <random>

#include "tools/runs/broken.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/failure.h"
#include "tools/runs/progress.h"
#include "traces/input.h"

// Exploration and random walks.
namespace hmm {
namespace {

ReportRow new_row(const char* engine, const std::string& scope, const Profile& k) {
  ReportRow row;
  row.name = fmt::format("{} {}", engine, scope);
  row.facts = {{"engine", engine}, {"scope", scope}, {"profile", k.name}};
  return row;
}

// The row of a run that violates `bad`: as short as it gets.
void add_failure(ReportRow& row, const std::string& scope, const Profile& k, PropertySet bad,
                 const PlainSteps& found, const Stop& stop) {
  row.judgement = Judgement::violated;
  row.detail = violation(bad);
  const auto machine = machine_at(scope);
  PlainSteps steps = found;
  try {
    steps = shortest_failure(*machine, k, found, bad, nullptr, stop.token());
  } catch (const std::bad_alloc&) {
    // A longer run says the same.
  }
  row.trace = failing_trace(k, scope, steps, bad);
  first_violation(*machine, k, found, bad);
  row.broken = broken_claims(*machine, k, bad);
}

template <class Result>
void judge(ReportRow& row, const std::string& scope, const Profile& k, PropertySet wanted,
           const Result& r, const Stop& stop) {
  row.facts["violated"] = names_of_properties(r.bad);
  row.facts["broken_first"] = names_of_properties(r.weak.bad);
  if (r.bad != 0) {
    add_failure(row, scope, k, r.bad, r.counterexample, stop);
    if ((r.bad & promises()) == 0)
      row.detail += (wanted & promises()) == 0
                        ? " (strengthening)"
                        : " (strengthening; no promise is broken in what was searched)";
    if (r.weak.bad != 0)
      row.detail += fmt::format("; the strengthening {} broke first, at step {}",
                                joined(names_of_properties(r.weak.bad)), r.weak.steps.size());
  } else if (!r.way_out.empty()) {
    row.judgement = Judgement::undecided;
    row.detail = kLeavesRanges;
    row.trace = failing_trace(k, scope, r.way_out, 0);
  }
}

void leave_undecided(ReportRow& row, const std::string& why) {
  row.judgement = Judgement::undecided;
  row.detail = why;
}

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

}  // namespace

std::uint64_t fresh_seed() { return std::random_device{}(); }

std::string violation(PropertySet bad) {
  return bad == 0 ? std::string() : "violated: " + joined(names_of_properties(bad));
}

Explored explore_row(const std::string& scope, const Profile& k, ExploreOptions options,
                     const Stop& stop) {
  Progress progress("explore " + scope);
  options.stop = stop.token();
  const auto told = options.progress;
  options.progress = [&](std::uint64_t states, unsigned depth) {
    if (told) told(states, depth);
    progress.show(fmt::format("{} states, depth {}", grouped(states), depth));
  };
  Explored out{{}, new_row("explore", scope, k)};
  decide(out.row, [&] {
    out.result = explore(scope, k, options);
    judge(out.row, scope, k, options.properties, out.result, stop);
  });
  const ExploreResult& r = out.result;
  if (out.row.judgement == Judgement::holds && !r.complete)
    leave_undecided(out.row, fmt::format("stopped at {} states ({})", grouped(r.states),
                                         stop.is_asked() ? stop.reason() : "--max-states"));
  out.row.seconds = r.seconds;
  out.row.facts.update({{"states", r.states},
                        {"edges", r.edges},
                        {"depth", r.depth},
                        {"complete", r.complete},
                        {"states_per_second", per_second(r.states, r.seconds)},
                        {"bytes_per_state", r.bytes_per_state}});
  return out;
}

Walked walk_row(const std::string& scope, const Profile& k, WalkOptions options, const Stop& stop) {
  Progress progress("random " + scope);
  options.stop = stop.token();
  options.progress = [&](std::uint64_t done, double) { progress.show(grouped(done) + " steps"); };
  Walked out{{}, new_row("random", scope, k)};
  decide(out.row, [&] {
    out.result = walk(scope, k, options);
    judge(out.row, scope, k, options.properties, out.result, stop);
  });
  const WalkResult& r = out.result;
  // To walk until the seconds are over is what --seconds asks for; but nothing has to be walked.
  if (out.row.judgement == Judgement::holds && (stop.signal() != 0 || r.steps == 0))
    leave_undecided(out.row, fmt::format("stopped after {} steps ({})", grouped(r.steps),
                                         stop.is_asked() ? stop.reason() : "no time"));
  out.row.seconds = r.seconds;
  out.row.facts.update({{"seed", options.seed},
                        {"steps", r.steps},
                        {"steps_per_second", per_second(r.steps, r.seconds)}});
  return out;
}

Drawn rapid_row(const std::string& scope, const Profile& k, RapidOptions options,
                const Stop& stop) {
  Progress progress("random " + scope);
  options.stop = stop.token();
  options.progress = [&](std::uint64_t done) { progress.show(grouped(done) + " sequences"); };
  Drawn out{{}, new_row("random", scope, k)};
  decide(out.row, [&] {
    RapidResult& r = out.result;
    r = rapid(scope, k, options);
    out.row.facts["drawn"] = names_of_properties(r.bad);
    if (r.bad != 0) {
      const Violation found =
          explored_failure(scope, k, {r.bad, r.counterexample}, options.properties, stop.token());
      r.bad = found.bad;
      r.counterexample = found.steps;
      // On the way of what was drawn, which is not what is shown.
      r.weak = {};
    }
    judge(out.row, scope, k, options.properties, r, stop);
  });
  const RapidResult& r = out.result;
  if (r.found_in != 0) out.row.detail += fmt::format("; in sequence {}", grouped(r.found_in));
  if (out.row.judgement == Judgement::holds && (stop.signal() != 0 || r.effective == 0))
    leave_undecided(out.row, fmt::format("stopped after {} sequences ({})", grouped(r.sequences),
                                         stop.is_asked() ? stop.reason() : "no time"));
  out.row.seconds = r.seconds;
  out.row.facts.update({{"seed", options.seed},
                        {"sequences", r.sequences},
                        {"draws", r.draws},
                        {"steps", r.effective},
                        {"found_in_sequence", r.found_in},
                        {"steps_per_second", per_second(r.effective, r.seconds)}});
  return out;
}

}  // namespace hmm
