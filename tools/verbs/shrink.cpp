#include <fmt/format.h>

#include <memory>

#include "tools/runs/failure.h"
#include "tools/runs/files.h"
#include "tools/runs/traces.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

struct Options {
  std::string file, out;
  std::vector<std::string> drops;
};

void run(const Options& o) {
  const auto [trace, machine] = load_run(o.file);
  const Profile k = without_rules(trace.kernel(), o.drops);
  start(*machine, trace);
  const Leaves from = machine->leaves();
  const PlainSteps steps = steps_of(trace);
  const PropertySet bad = first_violation(*machine, k, steps, promises(), &from);
  if (bad == 0) reject({o.file}, "a trace that violates a property", "none violated");
  const PlainSteps shortest = shortest_failure(*machine, k, steps, bad, &from);
  const PropertySet left = first_violation(*machine, k, shortest, promises(), &from);
  const std::string text = failing_trace(k, trace.scope, shortest, left, &from);
  o.out.empty() ? fmt::print("{}", text) : write_file(o.out, text);
}

}  // namespace

void add_shrink(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("shrink", "The shortest canonical form of a failing trace");
  verb->add_option("FILE", o->file, "a trace that violates a property")->required();
  add_drop(*verb, o->drops);
  verb->add_option("--out", o->out, "a file; default: standard output");
  verb->callback([o, &exit_code] {
    run(*o);
    exit_code = kHolds;
  });
}

}  // namespace hmm
