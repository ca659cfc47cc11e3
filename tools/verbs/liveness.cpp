#include <fmt/format.h>

#include <memory>

#include "model/defects.h"
#include "tools/runs/live_rows.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

struct Options : RunOptions {
  std::uint64_t max_states = LivenessOptions{}.max_states;
  Options() { scope = "tiny"; }
};

void run(const Options& o, Report& report) {
  const Profile k = o.kernel();
  o.require(Engine::live);
  FailureFiles files(o.save);
  report.set_facts(o.facts(k));
  LivenessOptions options;
  options.threads = o.threads;
  options.max_states = o.max_states;
  report.expect(kEnumerators<LiveClaim>);
  const Stop stop(o.seconds);
  auto [r, rows] = live_rows(o.scope, k, options, stop);
  report.interrupt(stop.signal());
  report.say(fmt::format(
      "liveness {}, profile {}: {} states, {} edges by which something goes on, {:.1f} s{}",
      o.scope, o.said(k), grouped(r.states), grouped(r.edges), r.seconds,
      r.complete ? "" : ", not complete"));
  if (r.starved != 0)
    report.say(
        fmt::format("{} states in which something lacks memory or a slot of the scope, and "
                    "nothing goes on, are no hangs",
                    grouped(r.starved)));
  o.say_left_out(report);
  for (const auto& hang : kHangs)
    if (o.scope == hang.scope && hangs(k, hang))
      report.say(fmt::format("known hang {}: {}; mended by {}, --set {}={:d}", hang.name, hang.says,
                             hang.cites, hang.mended_by, hang.mended_to));
  for (auto& row : rows) {
    const auto claim = static_cast<LiveClaim>(&row - rows.data());
    std::string verdict =
        verdict_text(row, fmt::format("holds, {} asked", row.facts["asked"].dump()));
    row.text = fmt::format("{}: {}", name_of(claim), verdict);
    add_and_save(report, files, std::move(row),
                 fmt::format("liveness-{}-{}", o.scope, name_of(claim)));
  }
}

}  // namespace

void add_liveness(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(app, exit_code, "liveness",
                                "Whether every fault, access, migration and eviction ends",
                                [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  // Nobody says of a state whether something ends.
  verb->remove_option(verb->get_option("--property"));
  verb->add_option("--max-states", o->max_states, "give up (exit 3) beyond so many")
      ->check(count_from(1))
      ->capture_default_str();
}

}  // namespace hmm
