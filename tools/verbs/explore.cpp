#include <fmt/format.h>

#include <memory>

#include "tools/runs/broken.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/failure.h"
#include "tools/runs/witnesses.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

struct Options : RunOptions {
  std::uint64_t max_states = ExploreOptions{}.max_states;
  std::string witnesses;
  bool verdicts = false, claims = false;
};

void run(const Options& o, Report& report) {
  o.validate();
  const Profile k = o.kernel();
  require_scope(o.scope, Engine::explore);
  ExploreOptions options;
  options.properties = o.wanted();
  options.max_states = o.max_states;
  options.threads = o.threads;
  options.witnesses = !o.witnesses.empty();
  report.expect(1);
  auto [r, row] = explore_row(o.scope, k, options, o.save);
  Witnesses witnesses(o.witnesses);
  for (const Witness& w : r.witnesses) witnesses.add(o.scope, k, w.steps, w.verdict);
  const auto never = verdicts_never_reached(r.seen);
  report.say(
      fmt::format("explore {}, profile {}: {} states, {} edges, depth {}, {:.1f} s, {} states/s, "
                  "{:.1f} bytes/state{}",
                  o.scope, k.name, grouped(r.states), grouped(r.edges), r.depth, r.seconds,
                  grouped(static_cast<std::uint64_t>(static_cast<double>(r.states) / r.seconds)),
                  r.bytes_per_state, r.complete ? "" : ", not complete"));
  o.say_left_out(report);
  if (o.verdicts)
    for (const auto& n : never) report.say("not reached at this scope: " + n);
  if (o.claims) report.say(given_text(r.given, options.properties));
  row.facts["given"] = given_facts(r.given, options.properties);
  if (r.bad != 0) row.text = failure_text(o, row);
  if (r.bad == 0 && !r.way_out.empty())
    row.text = fmt::format("could not decide: {}, after:\n{}", row.detail, row.trace);
  if (r.bad == 0 && r.complete) row.text = "holds in every reachable state";
  for (const auto& line : witnesses.rewritten()) report.say(line);
  if (options.witnesses) report.say(witnesses.summary());
  row.facts["witnesses_rewritten"] = witnesses.rewritten();
  row.facts["verdicts_not_reached_here"] = never;
  row.facts["defects_left_out"] = o.defects_left_out();
  report.add(std::move(row));
}

}  // namespace

void add_explore(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "explore", "Every reachable state of a scope, breadth first",
                   [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  verb->add_option("--max-states", o->max_states, "give up (exit 3) beyond so many")
      ->check(kCount)
      ->capture_default_str();
  verb->add_option("--witnesses", o->witnesses,
                   "write a shortest trace for each verdict below this folder, where it differs");
  verb->add_flag("--claims", o->claims, "list in how many states each claim is given");
  verb->add_flag("--verdicts", o->verdicts, "list the verdicts not reached at this scope");
}

}  // namespace hmm
