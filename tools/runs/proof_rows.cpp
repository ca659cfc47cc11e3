#include <fmt/format.h>

#include <map>

#include "model/domain/enumerators.h"
#include "model/step_infos.h"
#include "properties/engines/prove_encodings.h"
#include "tools/runs/broken.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/failure.h"
#include "tools/runs/progress.h"
#include "traces/input.h"
#include "traces/kconfig_swap.h"

// Proofs: by induction, bounded, and of the encodings.
namespace hmm {
namespace {

Json facts_of(const std::string& scope, const Profile& k) {
  return {{"engine", "prove"}, {"scope", scope}, {"profile", k.name}};
}

std::string preserves(const ProofResult& r) {
  return fmt::format("{} preserves {}", step_infos()[r.step].name,
                     property_infos()[r.property].name);
}

// What is said of an answer that is no pass.
std::string detail_of(const ProofResult& r) {
  if (judgement_of(r.answer) == Judgement::holds) return "";
  return r.leaves_ranges ? std::string(kLeavesRanges) : std::string(enumerator_name(r.answer));
}

// The trace of a refutation, from the state it starts from, and the claims that it breaks.
void add_refutation(ReportRow& row, const std::string& scope, const Profile& k,
                    const ProofResult& r) {
  if (!r.counterexample) return;
  const auto machine = machine_at(scope);
  machine->restart(&r.state);
  machine->take(k, *r.counterexample);
  row.broken = broken_claims(*machine, k, PropertySet{1} << r.property);
  row.trace =
      failing_trace(k, scope, {*r.counterexample}, machine->violated(k, kAllProperties), &r.state);
}

ReportRow row_of(const std::string& scope, const Profile& k, const ProofResult& r) {
  ReportRow row;
  row.name = preserves(r);
  row.judgement = judgement_of(r.answer);
  row.detail = detail_of(r);
  row.seconds = r.ms / 1000;
  row.facts = facts_of(scope, k);
  row.facts.update({{"step", step_infos()[r.step].name},
                    {"property", property_infos()[r.property].name},
                    {"answer", enumerator_name(r.answer)},
                    {"milliseconds", r.ms}});
  add_refutation(row, scope, k, r);
  return row;
}

// Steps are through in any order; they are told in theirs, so that every run says the same.
class InOrder {
 public:
  InOrder(std::size_t first, std::function<void(const ProofResult&)> tell)
      : next_(first), tell_(std::move(tell)) {}
  void add(const std::vector<ProofResult>& results) {
    waiting_[results.front().step] = results;
    for (auto at = waiting_.find(next_); at != waiting_.end(); at = waiting_.find(++next_)) {
      for (const auto& r : at->second) tell_(r);
      waiting_.erase(at);
    }
  }

 private:
  std::size_t next_;
  std::function<void(const ProofResult&)> tell_;
  std::map<std::size_t, std::vector<ProofResult>> waiting_;
};

std::size_t first_step(const ProveOptions& options) {
  std::size_t kind = 0;
  while (!options.only_step.empty() && step_infos()[kind].name != options.only_step) ++kind;
  return kind;
}

// All results as one.
void sum_up(ReportRow& row, const std::string& scope, const Profile& k, const ProofReport& r) {
  for (const Answer a :
       {Answer::proved, Answer::refuted, Answer::unknown, Answer::vacuous, Answer::out_of_scope})
    row.facts[std::string(enumerator_name(a))] = r.count(a);
  row.facts["claims_given_in_no_state"] = given_row(r).facts["claims"];
  // What is refuted is said before what is unknown.
  for (const Judgement wanted : {Judgement::violated, Judgement::undecided})
    for (const auto& one : r.results)
      if (row.detail.empty() && judgement_of(one.answer) == wanted) {
        row.judgement = wanted;
        row.detail = fmt::format("{}: {}", detail_of(one), preserves(one));
        add_refutation(row, scope, k, one);
      }
  if (r.initial_bad != 0) {
    row.judgement = Judgement::violated;
    row.detail = "the initial state: " + violation(r.initial_bad);
  }
}

}  // namespace

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

std::size_t proof_rows(const ProveOptions& options) {
  return (options.only_step.empty() ? step_infos().size() : 1) *
         names_of_properties(options.properties).size();
}

Proved prove_row(const std::string& scope, const Profile& k, ProveOptions options, const Stop& stop,
                 const std::function<void(ReportRow)>& each) {
  Progress progress("prove " + scope);
  InOrder in_order(first_step(options), [&](const ProofResult& r) {
    if (each) each(row_of(scope, k, r));
  });
  std::size_t done = 0;
  options.stop = stop.token();
  options.each_step = [&](const std::vector<ProofResult>& results) {
    if (!stop.is_asked()) ++done;
    progress.show(fmt::format("{} of {} steps", done, step_infos().size()));
    in_order.add(results);
  };
  Proved out;
  out.row.name = "prove " + scope;
  out.row.facts = facts_of(scope, k);
  decide(out.row, [&] {
    out.result = prove(scope, k, options);
    sum_up(out.row, scope, k, out.result);
  });
  if (stop.is_asked() && out.row.judgement == Judgement::undecided)
    out.row.detail =
        fmt::format("stopped at {} of {} steps ({})", done, step_infos().size(), stop.reason());
  out.row.seconds = out.result.seconds;
  return out;
}

ReportRow initial_row(const std::string& scope, const Profile& k, PropertySet wanted) {
  const auto machine = machine_at(scope);
  const PropertySet bad = machine->violated(k, wanted);
  ReportRow row;
  row.name = "initial state";
  row.facts = facts_of(scope, k);
  if (bad == 0) return row;
  row.judgement = Judgement::violated;
  row.detail = violation(bad);
  row.broken = broken_claims(*machine, k, bad);
  return row;
}

ReportRow given_row(const ProofReport& report) {
  std::vector<std::string> never, unknown;
  for (std::size_t c = 0; c < report.given.size(); ++c) {
    if (report.given[c] == Answer::vacuous) never.push_back(name_of_claim(c));
    if (report.given[c] == Answer::unknown) unknown.push_back(name_of_claim(c));
  }
  ReportRow row;
  row.name = "every claim is given in some state";
  row.facts["claims"] = never;
  row.facts["unknown_claims"] = unknown;
  if (never.empty() && unknown.empty()) return row;
  // Proved of nothing is not proved, as with a step that never takes effect.
  row.judgement = Judgement::undecided;
  row.detail = never.empty() ? fmt::format("unknown whether {} claims are given", unknown.size())
                             : "vacuous, given in no state of the scope: " + joined(never);
  return row;
}

Bounded bounded_row(const std::string& scope, const Profile& k, BoundedOptions options,
                    const Stop& stop) {
  options.stop = stop.token();
  Bounded out;
  ReportRow& row = out.row;
  const BoundedResult& r = out.result;
  row.name = "bounded " + scope;
  row.facts = facts_of(scope, k);
  decide(row, [&] {
    out.result = prove_bounded(scope, k, options);
    row.judgement = judgement_of(r.answer);
    if (r.answer == Answer::refuted) {
      const auto machine = machine_at(scope);
      out.bad = first_violation(*machine, k, r.counterexample, options.properties);
      row.detail = violation(out.bad);
      row.broken = broken_claims(*machine, k, out.bad);
      row.trace = failing_trace(k, scope, r.counterexample, out.bad);
    } else if (!r.way_out.empty()) {
      row.detail = kLeavesRanges;
      row.trace = failing_trace(k, scope, r.way_out, 0);
    } else if (r.answer != Answer::proved) {
      row.detail = fmt::format("{} at depth {}{}", enumerator_name(r.answer), r.depth,
                               stop.is_asked() ? fmt::format(" ({})", stop.reason()) : "");
    }
  });
  row.seconds = r.seconds;
  row.facts.update(
      {{"bounded", options.to}, {"depth", r.depth}, {"answer", enumerator_name(r.answer)}});
  return out;
}

std::size_t encodings_count() { return encodings_of(configurable_configs()); }

double encoding_rows(unsigned timeout_ms, const Stop& stop,
                     const std::function<void(ReportRow)>& each) {
  Progress progress("prove encodings");
  double seconds = 0;
  std::size_t done = 0;
  const std::size_t count = encodings_count();
  const auto tell = [&](const EncodingResult& r) {
    progress.show(fmt::format("{} of {}", ++done, count));
    ReportRow row;
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
    seconds += row.seconds;
    each(std::move(row));
  };
  prove_encodings(configurable_configs(), {timeout_ms, stop.token(), tell});
  return seconds;
}

}  // namespace hmm
