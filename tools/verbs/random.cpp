#include <fmt/format.h>

#include <memory>

#include "tools/runs/broken.h"
#include "tools/runs/engine_rows.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

struct Options : RunOptions {
  std::uint64_t steps = 20'000'000;
  double seconds = WalkOptions{}.seconds;
  std::optional<std::uint64_t> seed;
  bool claims = false;
};

void run(const Options& o, Report& report) {
  o.validate();
  const Profile k = o.kernel();
  require_scope(o.scope, Engine::walk);
  WalkOptions options;
  options.seed = o.seed ? *o.seed : fresh_seed();
  options.steps = o.steps;
  options.seconds = o.seconds;
  options.threads = o.threads;
  options.properties = o.wanted();
  report.expect(1);
  auto [r, row] = walk_row(o.scope, k, options, o.save);
  report.say(fmt::format(
      "random {}, profile {}, --seed {}: {} steps, {} states looked at, {:.1f} s, {} steps/s",
      o.scope, k.name, options.seed, grouped(r.steps), grouped(r.scans), r.seconds,
      grouped(static_cast<std::uint64_t>(static_cast<double>(r.steps) / r.seconds))));
  o.say_left_out(report);
  if (o.claims) report.say(given_text(r.given, options.properties));
  row.facts["given"] = given_facts(r.given, options.properties);
  row.text = r.bad != 0 ? failure_text(o, row)
             : r.way_out.empty()
                 ? "holds after every step"
                 : fmt::format("could not decide: {}, after:\n{}", row.detail, row.trace);
  row.facts["defects_left_out"] = o.defects_left_out();
  report.add(std::move(row));
}

}  // namespace

void add_random(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(app, exit_code, "random", "Random steps, all properties after each",
                                [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  verb->add_option("--steps", o->steps, "steps that take effect")
      ->check(kCount)
      ->capture_default_str();
  verb->add_option("--seconds", o->seconds, "stop after so long");
  verb->add_flag("--claims", o->claims,
                 "list at how many of the states looked at, of which later ones are sampled, "
                 "each claim is given");
  verb->add_option("--seed", o->seed, "default: a new one, printed")->check(kCount);
}

}  // namespace hmm
