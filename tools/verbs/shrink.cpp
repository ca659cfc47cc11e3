#include <fmt/format.h>

#include <memory>

#include "tools/runs/failure.h"
#include "tools/runs/files.h"
#include "tools/runs/output.h"
#include "tools/runs/stop.h"
#include "tools/runs/traces.h"
#include "tools/verbs/options.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

struct Options : ModelOptions {
  std::string file;
  bool json = false;
};

// What to shrink for: what --property says, or else what the trace expects at its end, or else
// promises, or else anything. Of those, what the run violates first.
PropertySet violated_by(const Options& o, const TraceFile& trace, const Profile& k,
                        JudgedMachine& machine, const PlainSteps& steps, const Leaves& from) {
  const PropertySet expected = expected_violated_at_end(trace);
  const auto wanted = !o.properties.empty() ? std::vector{o.wanted()}
                      : expected != 0       ? std::vector{expected}
                                            : std::vector{promises(), kAllProperties};
  for (const PropertySet set : wanted)
    if (const PropertySet bad = first_violation(machine, k, steps, set, &from); bad != 0)
      return bad;
  reject({o.file}, "a trace that violates a property", "none violated");
}

void run(const Options& o) {
  if (o.save) require_writable(*o.save);
  const auto [trace, machine] = load_run(o.file);
  const Profile k = o.kernel_of(trace);
  start(*machine, trace);
  const Leaves from = machine->leaves();
  const PlainSteps steps = steps_of(trace);
  const PropertySet bad = violated_by(o, trace, k, *machine, steps, from);
  const Stop stop(o.seconds, Stop::Signals::left);
  const PlainSteps shortest = shortest_failure(*machine, k, steps, bad, &from, stop.token());
  const std::string text = failing_trace(k, trace.scope, shortest, bad, &from);
  if (o.json) {
    Json line = o.facts(k);
    line.update({{"file", o.file},
                 {"scope", trace.scope},
                 {"violated", names_of_properties(bad)},
                 {"steps_before", steps.size()},
                 {"steps", shortest.size()},
                 {"trace", text}});
    print(dump(line) + "\n");
  }
  if (o.save)
    write_file(*o.save, text);
  else if (!o.json)
    print(text);
}

}  // namespace

void add_shrink(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("shrink", "The shortest canonical form of a failing trace");
  verb->add_option("FILE", o->file, "a trace that violates a property; - is standard input")
      ->required();
  o->add_to(*verb, "instead of the trace's own: a shipped profile or a file",
            "a file; default: standard output", "--out,--save");
  verb->add_flag("--json", o->json, "print JSON: what is violated, and the trace");
  verb->callback([o, &exit_code] {
    run(*o);
    exit_code = kHolds;
  });
}

}  // namespace hmm
