#include "traces/replay.h"

#include <fmt/format.h>

#include <memory>

#include "tools/runs/broken.h"
#include "tools/runs/traces.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> drops;
  bool quiet = false;
};

// What a trace expects to be violated is no failure of the replay; anything else is.
PropertySet expected_bad(const TraceFile& trace) {
  PropertySet set = 0;
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::expect_violated) set |= property_named(line.text);
  return set;
}

ReportRow replay_file(const std::string& file, const Options& o, const Report& report) {
  const auto [trace, machine] = load_run(file);
  const Profile k = without_rules(trace.kernel(), o.drops);
  ReportRow row;
  row.name = file;
  PropertySet bad = 0;
  ReplayHooks hooks;
  const PropertySet judged = kAllProperties & ~expected_bad(trace);
  hooks.after_step = [&, &machine = machine](Verdict, const TraceLine& line) {
    const PropertySet now = machine->violated(k, judged);
    if (bad != 0 || now == 0) return;
    bad = now;
    row.judgement = Judgement::violated;
    row.detail = fmt::format("{}:{}: expected every property to hold, found violated {}", file,
                             line.number, joined(names_of_properties(now)));
    row.broken = broken_claims(*machine, k, now);
    row.facts["broken"] = row.broken;
  };
  hooks.violates = [&machine = machine, &k](std::string_view name) {
    return machine->violated(k, property_named(name)) != 0;
  };
  const ReplayReport r = replay(trace, k, *machine, hooks);
  if (!o.quiet) report.say(print_replay(r));
  for (const auto& step : r.steps)
    report.object({{"file", file},
                   {"line", step.line},
                   {"step", step.step},
                   {"verdict", name_of(step.verdict)},
                   {"changes", step.changes}});
  if (!r.agrees()) {
    row.judgement = Judgement::violated;
    row.detail = r.divergence;
  }
  row.facts.update({{"file", file},
                    {"scope", trace.scope},
                    {"profile", trace.profile},
                    {"steps", r.steps.size()}});
  if (row.judgement != Judgement::holds || !o.quiet)
    row.text = fmt::format("{}: {}", file, row.detail.empty() ? "agrees" : row.detail);
  for (const auto& claim : row.broken) row.text += "\nbroken: " + claim;
  return row;
}

void run(const Options& o, Report& report) {
  for (const auto& file : o.files) report.add(replay_file(file, o, report));
  const std::size_t failed = report.rows() - report.count(Judgement::holds);
  report.object({{"traces", report.rows()}, {"failed", failed}});
  report.say(fmt::format("replay: {} traces, {} failed", report.rows(), failed));
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "replay", "Run traces, show each step and what it changed",
                   [o](Report& report) { run(*o, report); });
  verb->add_option("FILE", o->files, "traces")->required();
  add_drop(*verb, o->drops);
  verb->add_flag("-q,--quiet", o->quiet, "only what fails, and the count");
}

}  // namespace hmm
