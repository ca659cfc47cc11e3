#include "tools/verbs/replay.h"

#include <fmt/format.h>

#include <memory>

#include "tools/verbs/failure.h"
#include "traces/replay.h"
#include "traces/shrink.h"

namespace hmm {
namespace {

struct Options {
  std::vector<std::string> files;
  bool quiet = false;
  RunOptions output;
  std::string out;
};

// What a trace expects to be violated is no failure of the replay; anything else is.
PropertySet expected_bad(const TraceFile& trace) {
  PropertySet set = 0;
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::expect_violated) set |= property_named(line.text);
  return set;
}

CheckResult replay_file(const std::string& file, const Options& o) {
  const TraceFile trace = load_trace(file, all_property_names());
  const Profile k = without_rules(trace.kernel(), o.output.drops);
  CheckResult outcome{file, CheckResult::Kind::pass, "", 0};
  const auto machine = machine_at(trace.scope);
  const PropertySet judged = kAllProperties & ~expected_bad(trace);
  PropertySet bad = 0;
  ReplayHooks hooks;
  hooks.after_step = [&](Verdict, const TraceLine& line) {
    const PropertySet now = machine->violated(k, judged);
    if (bad != 0 || now == 0) return;
    bad = now;
    outcome.kind = CheckResult::Kind::fail;
    outcome.detail = fmt::format("{}:{}: expected every property to hold, found violated {}", file,
                                 line.number, joined(names_of_properties(now)));
  };
  hooks.violates = [&](std::string_view name) {
    return machine->violated(k, property_named(name)) != 0;
  };
  const ReplayReport r = replay(trace, k, *machine, hooks);
  if (!o.quiet && !o.output.json && !o.output.ktap) fmt::print("{}", print_replay(r));
  if (o.output.json)
    for (const auto& step : r.steps)
      fmt::print("{}\n", Json{{"file", file},
                              {"line", step.line},
                              {"step", step.step},
                              {"verdict", name_of(step.verdict)},
                              {"changes", step.changes}}
                             .dump());
  if (!r.agrees()) {
    outcome.kind = CheckResult::Kind::fail;
    outcome.detail = r.divergence;
  }
  return outcome;
}

int run(const Options& o) {
  std::vector<CheckResult> outcomes;
  for (const auto& file : o.files) {
    outcomes.push_back(replay_file(file, o));
    const CheckResult& last = outcomes.back();
    if (!o.output.json && !o.output.ktap && (last.kind != CheckResult::Kind::pass || !o.quiet))
      fmt::print("{}: {}\n", last.name,
                 last.kind == CheckResult::Kind::pass ? "agrees" : last.detail);
  }
  const auto bad = std::count_if(outcomes.begin(), outcomes.end(), [](const CheckResult& x) {
    return x.kind != CheckResult::Kind::pass;
  });
  if (o.output.json)
    fmt::print("{}\n", Json{{"traces", outcomes.size()}, {"failed", bad}}.dump());
  else if (!o.output.ktap)
    fmt::print("replay: {} traces, {} failed\n", outcomes.size(), bad);
  print_outcomes(o.output, "hmmcheck replay", outcomes);
  return exit_code_of(outcomes);
}

int run_shrink(const Options& o) {
  const TraceFile trace = load_trace(o.files.front(), all_property_names());
  const Profile k = without_rules(trace.kernel(), o.output.drops);
  const auto machine = machine_at(trace.scope);
  start(*machine, trace);
  const Leaves from = machine->leaves();
  const PlainSteps steps = steps_of(trace);
  const PropertySet bad = first_violation(*machine, k, steps, promises(), &from);
  if (bad == 0) reject({o.files.front()}, "a trace that violates a property", "none violated");
  const PropertySet one = bad & (~bad + 1);
  const auto fails = [&](const PlainSteps& candidate) {
    return first_violation(*machine, k, candidate, one, &from) != 0;
  };
  const PlainSteps shortest = shrink(*machine, k, steps, fails, &from);
  const PropertySet left = first_violation(*machine, k, shortest, promises(), &from);
  const std::string text = failing_trace(k, trace.scope, shortest, left, &from);
  o.out.empty() ? fmt::print("{}", text) : write_file(o.out, text);
  return kHolds;
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("replay", "Run traces, show each step and what it changed");
  verb->add_option("FILE", o->files, "traces")->required();
  add_drop(*verb, o->output.drops);
  verb->add_flag("-q,--quiet", o->quiet, "only what fails, and the count");
  verb->add_flag("--json", o->output.json, "print JSON, one object a line");
  verb->add_flag("--ktap", o->output.ktap, "print verdicts as KTAP");
  verb->add_option("--junit", o->output.junit, "write verdicts to a JUnit file");
  verb->callback([o, &exit_code] { exit_code = run(*o); });
}

void add_shrink(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("shrink", "The shortest canonical form of a failing trace");
  verb->add_option("FILE", o->files, "a trace that violates a property")->required()->expected(1);
  add_drop(*verb, o->output.drops);
  verb->add_option("--out", o->out, "a file; default: standard output");
  verb->callback([o, &exit_code] { exit_code = run_shrink(*o); });
}

}  // namespace hmm
