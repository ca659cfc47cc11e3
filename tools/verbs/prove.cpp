#include "tools/verbs/prove.h"

#include <fmt/format.h>

#include <memory>

#include "properties/engines/prove.h"
#include "properties/engines/prove_encodings.h"
#include "properties/engines/run_instances.h"
#include "tools/verbs/failure.h"

namespace hmm {

std::size_t ProofSummary::count(Answer answer) const {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [&](const ProofLine& l) { return l.answer == answer; }));
}

namespace {

constexpr bool can_prove(const Scope& s) {
  return s == kTiny || s == kFork || s == kPair || s == kLarge;
}

template <class F>
void at_proof_scope(const std::string& name, F&& f) {
  at_scope(name, [&]<Scope S>() {
    if constexpr (can_prove(S))
      f.template operator()<S>();
    else
      reject({"--scope"}, "a scope that proofs are built for: tiny, fork, pair or large", name);
  });
}

}  // namespace

ProofSummary prove_scope(const RunOptions& o, const Profile& k, const std::string& scope,
                         const std::string& only_step, unsigned timeout_ms) {
  ProofSummary out;
  out.scope = scope;
  at_proof_scope(scope, [&]<Scope S>() {
    Progress progress("prove " + scope);
    ProveOptions options;
    options.properties = o.wanted();
    options.threads = o.threads;
    options.timeout_ms = timeout_ms;
    options.only_step = only_step;
    options.progress = [&](std::size_t done) {
      progress.show(fmt::format("{} of {} steps", done, kSteps));
    };
    const ProofReport<S> report = prove<S>(k, options);
    out.initial_bad = report.initial_bad;
    out.seconds = report.seconds;
    for (const auto& r : report.results) {
      ProofLine line{std::string(step_name(r.step)),
                     std::string(kPropertyInfos[r.property].name),
                     r.answer,
                     r.ms,
                     r.leaves_ranges,
                     ""};
      if (r.counterexample) {
        const Leaves before = leaves_of<S>(*r.state);
        const PlainSteps step{plain<S>(*r.counterexample)};
        const auto machine = machine_at(scope);
        machine->restart(&before);
        machine->take(k, step.front());
        line.trace = failing_trace(k, scope, step, machine->violated(k, kAllProperties), &before);
      }
      out.lines.push_back(std::move(line));
    }
  });
  return out;
}

namespace {

struct Options : RunOptions {
  std::string step;
  unsigned timeout_ms = 60'000;
  int bounded = -1;
  bool encodings = false;
  Options() { scope = "pair"; }
};

CheckResult::Kind kind_of(Answer answer) {
  switch (answer) {
    case Answer::proved:
      return CheckResult::Kind::pass;
    case Answer::refuted:
      return CheckResult::Kind::fail;
    case Answer::unknown:
    case Answer::vacuous:
      return CheckResult::Kind::undecided;
    case Answer::out_of_scope:
      return CheckResult::Kind::skip;
  }
  return CheckResult::Kind::undecided;
}

int run_induction(const Options& o) {
  o.validate();
  const Profile k = o.kernel();
  if (!o.step.empty()) {
    bool known = false;
    for (std::size_t i = 0; i < kSteps; ++i) known = known || step_name(i) == o.step;
    if (!known) reject({"--step"}, "a step of `hmmcheck list steps`", o.step);
  }
  const ProofSummary r = prove_scope(o, k, o.scope, o.step, o.timeout_ms);
  std::vector<CheckResult> outcomes;
  if (r.initial_bad != 0)
    outcomes.push_back({"initial state", CheckResult::Kind::fail,
                        "violated: " + joined(names_of_properties(r.initial_bad)), 0});
  for (const auto& l : r.lines) {
    const auto kind = kind_of(l.answer);
    outcomes.push_back({l.step + " preserves " + l.property, kind,
                        kind == CheckResult::Kind::pass ? ""
                        : l.leaves_ranges               ? kLeavesRanges
                                                        : name_of(l.answer),
                        l.ms / 1000});
    if (o.json) {
      Json line{{"engine", "prove"},   {"scope", o.scope},       {"profile", k.name},
                {"step", l.step},      {"property", l.property}, {"answer", name_of(l.answer)},
                {"milliseconds", l.ms}};
      if (!l.trace.empty()) line["trace"] = l.trace;
      fmt::print("{}\n", line.dump());
    }
  }
  const std::string counts =
      fmt::format("{} proved, {} refuted, {} unknown, {} vacuous, {} not at this scope",
                  r.count(Answer::proved), r.count(Answer::refuted), r.count(Answer::unknown),
                  r.count(Answer::vacuous), r.count(Answer::out_of_scope));
  if (!o.json && !o.ktap) {
    std::string last;
    for (const auto& l : r.lines) {
      if (l.answer == Answer::proved || l.answer == Answer::out_of_scope) continue;
      fmt::print("{}: {} preserves {}{}\n", name_of(l.answer), l.step, l.property,
                 l.leaves_ranges ? std::string("; ") + kLeavesRanges : "");
      if (!l.trace.empty() && l.step != last) fmt::print("{}", l.trace);
      last = l.step;
    }
    o.print_left_out();
    fmt::print("prove {}, profile {}: {}, {:.1f} s\n", o.scope, k.name, counts, r.seconds);
  }
  print_outcomes(o, "hmmcheck prove", outcomes);
  return exit_code_of(outcomes);
}

int run_bounded(const Options& o) {
  o.validate();
  const Profile k = o.kernel();
  CheckResult outcome{"bounded " + o.scope, CheckResult::Kind::pass, "", 0};
  at_proof_scope(o.scope, [&]<Scope S>() {
    BoundedOptions<S> options;
    options.properties = o.properties.empty() ? promises() : o.wanted();
    options.to = static_cast<unsigned>(o.bounded);
    options.timeout_ms = o.timeout_ms;
    const BoundedResult<S> r = prove_bounded<S>(k, options);
    outcome.seconds = r.seconds;
    std::string text;
    if (r.answer == Answer::refuted) {
      const PlainSteps steps = plain_steps<S>(r.counterexample);
      const PropertySet bad = first_violation(*machine_at(o.scope), k, steps, options.properties);
      text = failing_trace(k, o.scope, steps, bad);
      write_file(o.save, text);
      outcome.kind = CheckResult::Kind::fail;
      outcome.detail = "violated: " + joined(names_of_properties(bad));
      print_failure(o, bad, text);
    } else if (r.answer != Answer::proved) {
      outcome.kind = CheckResult::Kind::undecided;
      outcome.detail = r.way_out.empty() ? name_of(r.answer) : kLeavesRanges;
      if (!r.way_out.empty()) text = failing_trace(k, o.scope, plain_steps<S>(r.way_out), 0);
      if (!o.json && !o.ktap) print_way_out(text);
    }
    if (o.json) {
      const Json line{{"engine", "prove"},    {"scope", o.scope}, {"profile", k.name},
                      {"bounded", o.bounded}, {"depth", r.depth}, {"answer", name_of(r.answer)},
                      {"seconds", r.seconds}, {"trace", text}};
      fmt::print("{}\n", line.dump());
    } else if (!o.ktap) {
      fmt::print("prove {} --bounded {}: {} at depth {}, {:.1f} s\n", o.scope, o.bounded,
                 r.answer == Answer::proved ? "no violation" : name_of(r.answer), r.depth,
                 r.seconds);
    }
  });
  print_outcomes(o, "hmmcheck prove", {outcome});
  return exit_code_of({outcome});
}

int run_encodings(const Options& o) {
  std::vector<CheckResult> outcomes;
  double ms = 0;
  for (const auto& r : prove_encodings(all_configs(), o.timeout_ms)) {
    using A = EncodingResult::Answer;
    ms += r.ms;
    const auto kind = r.answer == A::proved    ? CheckResult::Kind::pass
                      : r.answer == A::refuted ? CheckResult::Kind::fail
                                               : CheckResult::Kind::undecided;
    outcomes.push_back({r.property + " " + r.config, kind, r.counterexample, r.ms / 1000});
    if (o.json) {
      const char* const answer = r.answer == A::proved    ? "proved"
                                 : r.answer == A::refuted ? "refuted"
                                 : r.answer == A::unknown ? "unknown"
                                                          : "vacuous";
      fmt::print("{}\n", Json{{"engine", "prove"},
                              {"property", r.property},
                              {"config", r.config},
                              {"answer", answer},
                              {"milliseconds", r.ms}}
                             .dump());
    }
  }
  const auto bad = std::count_if(outcomes.begin(), outcomes.end(), [](const CheckResult& x) {
    return x.kind != CheckResult::Kind::pass;
  });
  if (!o.json && !o.ktap)
    fmt::print("prove encodings: {} proved over all 2^64 values, {} not, {:.1f} s\n",
               outcomes.size() - static_cast<std::size_t>(bad), bad, ms / 1000);
  print_outcomes(o, "hmmcheck prove --encodings", outcomes);
  return exit_code_of(outcomes);
}

}  // namespace

void add_prove(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "prove", "Each property is preserved by each step, from any state, for any number of steps");
  o->add_to(*verb);
  verb->add_option("--step", o->step, "only this one");
  verb->add_option("--timeout-ms", o->timeout_ms, "for one query")
      ->check(kCount)
      ->capture_default_str();
  verb->add_option("--bounded", o->bounded, "instead: no violation within so many steps")
      ->check(kCount);
  verb->add_flag("--encodings", o->encodings, "instead: the swap entry encodings, every config");
  verb->callback([o, &exit_code] {
    if (o->encodings)
      exit_code = run_encodings(*o);
    else
      exit_code = o->bounded >= 0 ? run_bounded(*o) : run_induction(*o);
  });
}

}  // namespace hmm
