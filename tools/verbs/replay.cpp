#include "tools/verbs/replay.h"

#include <memory>

#include "tools/verbs/failure.h"

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
    if (line.kind == TraceLine::Kind::expect_violated)
      for (std::size_t i = 0; i < kProperties; ++i)
        if (kPropertyInfos[i].name == line.text) set |= PropertySet{1} << i;
  return set;
}

Outcome replay_file(const std::string& file, const Options& o) {
  const TraceFile trace = load_trace(file, all_property_names());
  const Profile k = trace.kernel();
  Outcome outcome{file, Outcome::Kind::pass, "", 0};
  at_scope(trace.scope, [&]<Scope S>() {
    PropertySet bad = 0;
    ReplayHooks<S> hooks;
    hooks.after_step = [&](const auto& s, const auto&, Verdict, const TraceLine& line) {
      const PropertySet now = violated(k, s, kAllProperties) & ~expected_bad(trace);
      if (bad == 0 && now != 0) {
        bad = now;
        outcome.kind = Outcome::Kind::fail;
        outcome.detail = fmt::format("{}:{}: expected every property to hold, found violated {}",
                                     file, line.number, joined(names_of_properties(now)));
      }
    };
    hooks.violates = [&](std::string_view name, const State<Concrete<S>>& s) {
      const PropertySet now = violated(k, s, kAllProperties);
      for (std::size_t i = 0; i < kProperties; ++i)
        if (kPropertyInfos[i].name == name) return (now >> i & 1) != 0;
      return false;
    };
    const Replay<S> r = replay<S>(trace, k, hooks);
    if (!o.quiet && !o.output.json && !o.output.ktap) fmt::print("{}", print_replay(r.report));
    if (o.output.json)
      for (const auto& step : r.report.steps)
        fmt::print("{}\n", Json{{"file", file},
                                {"line", step.line},
                                {"step", step.step},
                                {"verdict", name_of(step.verdict)},
                                {"changes", step.changes}}
                               .dump());
    if (!r.report.agrees()) {
      outcome.kind = Outcome::Kind::fail;
      outcome.detail = r.report.divergence;
    }
  });
  return outcome;
}

int run(const Options& o) {
  std::vector<Outcome> outcomes;
  for (const auto& file : o.files) {
    outcomes.push_back(replay_file(file, o));
    const Outcome& last = outcomes.back();
    if (!o.output.json && !o.output.ktap && (last.kind != Outcome::Kind::pass || !o.quiet))
      fmt::print("{}: {}\n", last.name, last.kind == Outcome::Kind::pass ? "agrees" : last.detail);
  }
  const auto bad = std::count_if(outcomes.begin(), outcomes.end(),
                                 [](const Outcome& x) { return x.kind != Outcome::Kind::pass; });
  if (o.output.json)
    fmt::print("{}\n", Json{{"traces", outcomes.size()}, {"failed", bad}}.dump());
  else if (!o.output.ktap)
    fmt::print("replay: {} traces, {} failed\n", outcomes.size(), bad);
  print_outcomes(o.output, "hmmcheck replay", outcomes);
  return exit_code_of(outcomes);
}

int run_shrink(const Options& o) {
  const TraceFile trace = load_trace(o.files.front(), all_property_names());
  const Profile k = trace.kernel();
  int code = kHolds;
  at_scope(trace.scope, [&]<Scope S>() {
    const BoundTrace<S> bound = bind<S>(trace);
    const auto first_bad = [&](const std::vector<Step<Concrete<S>>>& steps) {
      auto s = bound.start;
      for (const auto& step : steps) {
        take<Concrete<S>>(k, s, step);
        if (const PropertySet bad = violated(k, s, promises()); bad != 0) return bad;
      }
      return PropertySet{0};
    };
    const PropertySet bad = first_bad(bound.steps);
    if (bad == 0) reject({o.files.front()}, "a trace that violates a property", "none violated");
    const PropertySet one = bad & (~bad + 1);
    const auto fails = [&](const std::vector<Step<Concrete<S>>>& steps) {
      return (first_bad(steps) & one) != 0;
    };
    const auto shortest = shrink<S>(k, bound.steps, fails, bound.start);
    const std::string text =
        failing_trace<S>(k, trace.scope, shortest, first_bad(shortest), bound.start);
    o.out.empty() ? fmt::print("{}", text) : write_file(o.out, text);
  });
  return code;
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("replay", "Run traces, show each step and what it changed");
  verb->add_option("FILE", o->files, "traces")->required();
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
  verb->add_option("--out", o->out, "a file; default: standard output");
  verb->callback([o, &exit_code] { exit_code = run_shrink(*o); });
}

}  // namespace hmm
