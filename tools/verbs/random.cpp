#include "tools/verbs/random.h"

#include <fmt/format.h>

#include <memory>
#include <random>

#include "properties/engines/walk_instances.h"
#include "tools/verbs/failure.h"

namespace hmm {
namespace {

template <Scope S>
void walk_at(const RunOptions& o, const Profile& k, const std::string& scope, std::uint64_t seed,
             std::uint64_t steps, double seconds, WalkSummary& out) {
  Progress progress("random " + scope);
  WalkOptions options;
  options.seed = seed;
  options.steps = steps;
  options.seconds = seconds;
  options.threads = o.threads;
  options.properties = o.wanted();
  options.progress = [&](std::uint64_t done, double) { progress.show(grouped(done) + " steps"); };
  const WalkResult<S> r = walk<S>(k, options);
  out = {scope, r.steps, r.scans, r.seconds, r.bad, "", "", seed};
  if (!r.way_out.empty()) out.way_out = failing_trace(k, scope, plain_steps<S>(r.way_out), 0);
  if (r.bad != 0) out.trace = save_failure(o, k, scope, plain_steps<S>(r.counterexample), r.bad);
}

}  // namespace

WalkSummary walk_scope(const RunOptions& o, const Profile& k, const std::string& scope,
                       std::uint64_t seed, std::uint64_t steps, double seconds) {
  WalkSummary out;
  require_scope(scope);
  if (!can_walk(scope_named(scope)->scope))
    reject({"--scope"}, "a scope that walks are built for: tiny, fork, default, pair or large",
           scope);
  at_scope(scope, [&]<Scope S>() {
    if constexpr (can_walk(S)) walk_at<S>(o, k, scope, seed, steps, seconds, out);
  });
  return out;
}

std::uint64_t fresh_seed() { return std::random_device{}(); }

namespace {

struct Options : RunOptions {
  std::uint64_t steps = 20'000'000;
  double seconds = 1e9;
  std::uint64_t seed = 0;
};

int run(Options& o, bool seeded) {
  if (!seeded) o.seed = fresh_seed();
  o.validate();
  const Profile k = o.kernel();
  const WalkSummary r = walk_scope(o, k, o.scope, o.seed, o.steps, o.seconds);
  const double rate = static_cast<double>(r.steps) / r.seconds;
  if (o.json) {
    const Json line{{"engine", "random"},
                    {"scope", o.scope},
                    {"profile", k.name},
                    {"seed", o.seed},
                    {"steps", r.steps},
                    {"scans", r.scans},
                    {"seconds", r.seconds},
                    {"steps_per_second", rate},
                    {"violated", names_of_properties(r.bad)},
                    {"trace", r.trace},
                    {"way_out", r.way_out},
                    {"defects_left_out", o.defects_left_out()}};
    fmt::print("{}\n", line.dump());
  } else if (!o.ktap) {
    fmt::print(
        "random {}, profile {}, --seed {}: {} steps, {} states looked at, {:.1f} s, {} steps/s\n",
        o.scope, k.name, o.seed, grouped(r.steps), grouped(r.scans), r.seconds,
        grouped(static_cast<std::uint64_t>(rate)));
    o.print_left_out();
    if (r.bad != 0)
      print_failure(o, r.bad, r.trace);
    else if (!r.way_out.empty())
      print_way_out(r.way_out);
    else
      fmt::print("holds after every step\n");
  }
  CheckResult outcome{"random " + o.scope, CheckResult::Kind::pass, "", r.seconds};
  if (r.bad != 0) {
    outcome.kind = CheckResult::Kind::fail;
    outcome.detail = "violated: " + joined(names_of_properties(r.bad));
  } else if (!r.way_out.empty()) {
    outcome.kind = CheckResult::Kind::undecided;
    outcome.detail = kLeavesRanges;
  }
  const std::vector<CheckResult> outcomes{outcome};
  print_outcomes(o, "hmmcheck random", outcomes);
  return exit_code_of(outcomes);
}

}  // namespace

void add_random(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("random", "Random steps, all properties after each");
  o->add_to(*verb);
  verb->add_option("--steps", o->steps, "steps that take effect")
      ->check(kCount)
      ->capture_default_str();
  verb->add_option("--seconds", o->seconds, "stop after so long");
  CLI::Option* seed =
      verb->add_option("--seed", o->seed, "default: a new one, printed")->check(kCount);
  verb->callback([o, seed, &exit_code] { exit_code = run(*o, seed->count() != 0); });
}

}  // namespace hmm
