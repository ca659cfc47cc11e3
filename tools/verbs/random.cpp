#include <fmt/format.h>

#include <memory>

#include "tools/runs/broken.h"
#include "tools/runs/engine_rows.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

constexpr std::uint64_t kSteps = 20'000'000;

struct Options : RunOptions {
  std::optional<std::uint64_t> steps, seed;
  bool claims = false;
};

void run(const Options& o, Report& report) {
  const Profile k = o.kernel();
  require_scope(o.scope, Engine::walk);
  FailureFiles files(o.save);
  report.set_facts(o.facts(k));
  WalkOptions options;
  options.seed = o.seed ? *o.seed : fresh_seed();
  options.steps = o.steps.value_or(o.seconds ? ~std::uint64_t{0} : kSteps);
  options.threads = o.threads;
  options.properties = o.wanted();
  options.overrides = o.overrides();
  report.expect(1);
  const Stop stop(o.seconds);
  auto [r, row] = walk_row(o.scope, k, options, stop);
  report.interrupt(stop.signal());
  report.say(fmt::format(
      "random {}, profile {}, --seed {}: {} steps, {} states looked at, {:.1f} s, {} steps/s",
      o.scope, o.said(k), options.seed, grouped(r.steps), grouped(r.scans), r.seconds,
      grouped(row.facts["steps_per_second"].get<std::uint64_t>())));
  o.say_left_out(report);
  o.say_undecided(report, r.undecided, grouped(r.steps) + " steps", stop);
  if (o.claims) report.say(given_text(r.given, options.properties));
  row.facts["given"] = given_facts(r.given, options.properties);
  row.facts["overrides_that_decided_nothing"] = r.undecided;
  row.facts["defects_left_out"] = o.defects_left_out();
  row.text = verdict_text(row, "holds after every step");
  add_and_save(report, files, std::move(row), fmt::format("random-{}-{}", o.scope, options.seed));
}

}  // namespace

void add_random(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(app, exit_code, "random", "Random steps, all properties after each",
                                [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  verb->add_option("--steps", o->steps,
                   "steps that take effect; default: " + grouped(kSteps) +
                       ", with --seconds as many as there is time for")
      ->check(count_from(1));
  verb->add_flag("--claims", o->claims,
                 "list at how many of the states looked at, of which later ones are sampled, "
                 "each claim is given");
  verb->add_option("--seed", o->seed, "default: a new one, printed")->check(count_from(0));
}

}  // namespace hmm
