#include "tools/runs/engine_rows.h"

#include <fmt/format.h>

#include <random>

#include "model/domain/enumerators.h"
#include "model/step_infos.h"
#include "properties/engines/prove_encodings.h"
#include "tools/runs/broken.h"
#include "tools/runs/failure.h"
#include "tools/runs/files.h"
#include "tools/runs/progress.h"
#include "traces/input.h"

namespace hmm {
namespace {

Json facts_of(const char* engine, const std::string& scope, const Profile& k) {
  return {{"engine", engine}, {"scope", scope}, {"profile", k.name}};
}

// The claims that a run breaks at its end.
std::vector<std::string> broken_by(const std::string& scope, const Profile& k,
                                   const PlainSteps& steps, PropertySet bad) {
  const auto machine = machine_at(scope);
  first_violation(*machine, k, steps, bad);
  return broken_claims(*machine, k, bad);
}

// The row of a search that found `bad`, and the trace of its run.
ReportRow searched(const char* engine, const std::string& scope, const Profile& k,
                   const std::string& save, PropertySet bad, const PlainSteps& counterexample,
                   const PlainSteps& way_out) {
  ReportRow row;
  row.name = fmt::format("{} {}", engine, scope);
  row.facts = facts_of(engine, scope, k);
  row.detail = violation(bad);
  if (bad != 0) {
    row.judgement = Judgement::violated;
    row.trace = save_failure(save, k, scope, counterexample, bad);
    row.broken = broken_by(scope, k, counterexample, bad);
    row.facts["broken"] = row.broken;
  } else if (!way_out.empty()) {
    row.judgement = Judgement::undecided;
    row.detail = kLeavesRanges;
    row.trace = failing_trace(k, scope, way_out, 0);
  }
  return row;
}

double per_second(std::uint64_t count, double seconds) {
  return static_cast<double>(count) / seconds;
}

// The trace of a refutation: the state it starts from, and the step; and the claims it breaks.
std::string trace_of(const std::string& scope, const Profile& k, const ProofResult& r,
                     std::vector<std::string>* broken) {
  if (!r.counterexample) return "";
  const auto machine = machine_at(scope);
  machine->restart(&r.state);
  machine->take(k, *r.counterexample);
  *broken = broken_claims(*machine, k, PropertySet{1} << r.property);
  return failing_trace(k, scope, {*r.counterexample}, machine->violated(k, kAllProperties),
                       &r.state);
}

std::string preserves(const ProofResult& r) {
  return fmt::format("{} preserves {}", step_infos()[r.step].name,
                     property_infos()[r.property].name);
}

}  // namespace

std::uint64_t fresh_seed() { return std::random_device{}(); }

std::string violation(PropertySet bad) {
  return bad == 0 ? std::string() : "violated: " + joined(names_of_properties(bad));
}

Judgement judgement_of(Answer answer) {
  switch (answer) {
    case Answer::proved:
      return Judgement::holds;
    case Answer::refuted:
      return Judgement::violated;
    case Answer::unknown:
    case Answer::vacuous:
      return Judgement::undecided;
    case Answer::out_of_scope:
      return Judgement::skipped;
  }
  return Judgement::undecided;
}

Explored explore_row(const std::string& scope, const Profile& k, ExploreOptions options,
                     const std::string& save) {
  Progress progress("explore " + scope);
  options.progress = [&](std::uint64_t states, unsigned depth) {
    progress.show(fmt::format("{} states, depth {}", grouped(states), depth));
  };
  Explored out{explore(scope, k, options), {}};
  const ExploreResult& r = out.result;
  out.row = searched("explore", scope, k, save, r.bad, r.counterexample, r.way_out);
  if (r.bad == 0 && !r.complete && r.way_out.empty()) {
    out.row.judgement = Judgement::undecided;
    out.row.detail = "stopped at " + grouped(r.states) + " states";
  }
  out.row.seconds = r.seconds;
  out.row.facts.update({{"states", r.states},
                        {"edges", r.edges},
                        {"depth", r.depth},
                        {"complete", r.complete},
                        {"states_per_second", per_second(r.states, r.seconds)},
                        {"bytes_per_state", r.bytes_per_state},
                        {"violated", names_of_properties(r.bad)}});
  return out;
}

Walked walk_row(const std::string& scope, const Profile& k, WalkOptions options,
                const std::string& save) {
  Progress progress("random " + scope);
  options.progress = [&](std::uint64_t done, double) { progress.show(grouped(done) + " steps"); };
  Walked out{walk(scope, k, options), {}};
  const WalkResult& r = out.result;
  out.row = searched("random", scope, k, save, r.bad, r.counterexample, r.way_out);
  out.row.seconds = r.seconds;
  out.row.facts.update({{"seed", options.seed},
                        {"steps", r.steps},
                        {"scans", r.scans},
                        {"steps_per_second", per_second(r.steps, r.seconds)},
                        {"violated", names_of_properties(r.bad)}});
  return out;
}

Proved prove_row(const std::string& scope, const Profile& k, ProveOptions options) {
  Progress progress("prove " + scope);
  options.progress = [&](std::size_t done) {
    progress.show(fmt::format("{} of {} steps", done, step_infos().size()));
  };
  Proved out{prove(scope, k, options), {}};
  const ProofReport& r = out.result;
  out.row.name = "prove " + scope;
  out.row.seconds = r.seconds;
  out.row.facts = facts_of("prove", scope, k);
  if (r.initial_bad != 0) out.row.detail = "the initial state: " + violation(r.initial_bad);
  for (const auto& one : r.results)
    if (out.row.detail.empty() && one.answer != Answer::proved &&
        one.answer != Answer::out_of_scope) {
      out.row.detail = fmt::format("{}: {}", enumerator_name(one.answer), preserves(one));
      out.row.trace = trace_of(scope, k, one, &out.row.broken);
    }
  for (const Answer a :
       {Answer::proved, Answer::refuted, Answer::unknown, Answer::vacuous, Answer::out_of_scope})
    out.row.facts[std::string(enumerator_name(a))] = r.count(a);
  std::vector<std::string> vacuous;
  for (std::size_t c = 0; c < r.given.size(); ++c)
    if (r.given[c] == Answer::vacuous || r.given[c] == Answer::unknown)
      vacuous.push_back(name_of_claim(c));
  out.row.facts["claims_given_in_no_state"] = vacuous;
  if (r.count(Answer::refuted) != 0 || r.initial_bad != 0)
    out.row.judgement = Judgement::violated;
  else if (r.count(Answer::unknown) + r.count(Answer::vacuous) != 0)
    out.row.judgement = Judgement::undecided;
  return out;
}

std::vector<ReportRow> rows_of(const std::string& scope, const Profile& k,
                               const ProofReport& report) {
  std::vector<ReportRow> rows;
  if (report.initial_bad != 0) {
    ReportRow& row = rows.emplace_back();
    row.name = "initial state";
    row.judgement = Judgement::violated;
    row.detail = violation(report.initial_bad);
    row.facts = facts_of("prove", scope, k);
  }
  for (const auto& r : report.results) {
    ReportRow& row = rows.emplace_back();
    row.name = preserves(r);
    row.judgement = judgement_of(r.answer);
    row.detail = row.judgement == Judgement::holds ? ""
                 : r.leaves_ranges                 ? std::string(kLeavesRanges)
                                                   : std::string(enumerator_name(r.answer));
    row.seconds = r.ms / 1000;
    row.facts = facts_of("prove", scope, k);
    row.facts.update({{"step", step_infos()[r.step].name},
                      {"property", property_infos()[r.property].name},
                      {"answer", enumerator_name(r.answer)},
                      {"milliseconds", r.ms}});
    row.trace = trace_of(scope, k, r, &row.broken);
    row.facts["broken"] = row.broken;
  }
  return rows;
}

Bounded bounded_row(const std::string& scope, const Profile& k, const BoundedOptions& options,
                    const std::string& save) {
  Bounded out{prove_bounded(scope, k, options), 0, {}};
  const BoundedResult& r = out.result;
  out.row.name = "bounded " + scope;
  out.row.judgement = judgement_of(r.answer);
  out.row.seconds = r.seconds;
  out.row.facts = facts_of("prove", scope, k);
  out.row.facts.update(
      {{"bounded", options.to}, {"depth", r.depth}, {"answer", enumerator_name(r.answer)}});
  if (r.answer == Answer::refuted) {
    out.bad = first_violation(*machine_at(scope), k, r.counterexample, options.properties);
    out.row.detail = violation(out.bad);
    out.row.trace = failing_trace(k, scope, r.counterexample, out.bad);
    out.row.broken = broken_by(scope, k, r.counterexample, out.bad);
    if (!save.empty()) write_file(save, out.row.trace);
  } else if (r.answer != Answer::proved) {
    out.row.detail = enumerator_name(r.answer);
    if (!r.way_out.empty()) {
      out.row.detail = kLeavesRanges;
      out.row.trace = failing_trace(k, scope, r.way_out, 0);
    }
  }
  return out;
}

Encoded encoding_rows(unsigned timeout_ms) {
  Encoded out;
  for (const auto& r : prove_encodings(all_configs(), timeout_ms)) {
    ReportRow& row = out.rows.emplace_back();
    row.name = r.property + " " + r.config;
    row.judgement = judgement_of(r.answer);
    row.detail = r.counterexample.empty() && r.answer != Answer::proved
                     ? std::string(enumerator_name(r.answer))
                     : r.counterexample;
    row.seconds = r.ms / 1000;
    row.facts = {{"engine", "prove"},
                 {"property", r.property},
                 {"config", r.config},
                 {"answer", enumerator_name(r.answer)},
                 {"milliseconds", r.ms}};
    out.seconds += row.seconds;
  }
  return out;
}

}  // namespace hmm
