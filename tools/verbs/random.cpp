#include <fmt/format.h>

#include <memory>

#include "tools/runs/broken.h"
#include "tools/runs/coverage_of_scope.h"
#include "tools/runs/engine_rows.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"

namespace hmm {
namespace {

constexpr std::uint64_t kSteps = 20'000'000, kDraws = 1'250'000, kCallsDrawn = 100'000;

struct Options : RunOptions {
  std::string engine = "walk";
  std::optional<std::uint64_t> steps, seed;
  bool claims = false;
};

template <class EngineOptions>
EngineOptions options_of(const Options& o) {
  EngineOptions options;
  options.seed = o.seed ? *o.seed : fresh_seed();
  options.properties = o.wanted();
  if constexpr (requires { options.overrides; }) options.overrides = o.overrides();
  return options;
}

template <class Result>
void add_row(const Options& o, FailureFiles& files, Report& report, ReportRow row, const Result& r,
             std::uint64_t seed) {
  row.facts["overrides_that_decided_nothing"] = r.undecided;
  row.facts["defects_left_out"] = o.defects_left_out();
  row.text = verdict_text(row, "holds after every step");
  add_and_save(report, files, std::move(row), fmt::format("random-{}-{}", o.scope, seed));
}

void run_walk(const Options& o, const Profile& k, FailureFiles& files, const Stop& stop,
              Report& report) {
  auto options = options_of<WalkOptions>(o);
  options.steps = o.steps.value_or(o.seconds ? ~std::uint64_t{0} : kSteps);
  options.threads = o.threads;
  options.totals = totals_of(o.scope, k);
  auto [r, row] = walk_row(o.scope, k, options, stop);
  report.interrupt(stop.signal());
  report.say(fmt::format("random {}, profile {}, --seed {}: {} steps, {:.1f} s, {} steps/s",
                         o.scope, o.said(k), options.seed, grouped(r.steps), r.seconds,
                         grouped(row.facts["steps_per_second"].get<std::uint64_t>())));
  say_coverage(o.scope, r, options.totals, report, row);
  o.say_left_out(report);
  o.say_undecided(report, r.undecided, grouped(r.steps) + " steps", stop);
  if (o.claims) report.say(given_text(r.given, options.properties));
  row.facts["given"] = given_facts(r.given, options.properties);
  add_row(o, files, report, std::move(row), r, options.seed);
}

void run_rapid(const Options& o, const Profile& k, FailureFiles& files, const Stop& stop,
               Report& report) {
  auto options = options_of<RapidOptions>(o);
  options.sequences = ~std::uint64_t{0};
  options.draws = o.steps.value_or(o.seconds ? ~std::uint64_t{0} : kDraws);
  auto [r, row] = rapid_row(o.scope, k, options, stop);
  report.interrupt(stop.signal());
  report.say(fmt::format(
      "random {}, profile {}, --engine rapidcheck --seed {}: {} sequences, {} draws, {} took "
      "effect, {:.1f} s, {} steps/s",
      o.scope, o.said(k), options.seed, grouped(r.sequences), grouped(r.draws),
      grouped(r.effective), r.seconds,
      grouped(row.facts["steps_per_second"].get<std::uint64_t>())));
  o.say_left_out(report);
  o.say_undecided(report, r.undecided,
                  fmt::format("what {} draws took or could take", grouped(r.draws)), stop);
  add_row(o, files, report, std::move(row), r, options.seed);
}

void run_calls(const Options& asked, const Profile& k, FailureFiles& files, const Stop& stop,
               Report& report) {
  Options o = asked;
  auto options = options_of<RapidCallsOptions>(o);
  options.sequences = ~std::uint64_t{0};
  options.calls = o.steps.value_or(o.seconds ? ~std::uint64_t{0} : kCallsDrawn);
  auto [r, row] = rapid_calls_row(k, options, stop);
  report.interrupt(stop.signal());
  report.say(fmt::format(
      "random calls, profile {}, --engine calls --seed {}: {} sequences, {} calls, {} succeeded, "
      "{} steps, {:.1f} s",
      o.said(k), options.seed, grouped(r.sequences), grouped(r.calls), grouped(r.succeeded),
      grouped(r.steps), row.seconds));
  // Which has all that the scope of recordings has.
  o.scope = "large";
  o.say_left_out(report);
  row.facts["defects_left_out"] = o.defects_left_out();
  row.text = verdict_text(row, "holds after every step of every call");
  const bool is_saved = !row.trace.empty();
  report.add(std::move(row));
  if (is_saved) files.save_last(report, fmt::format("random-calls-{}.txt", options.seed));
}

// Throws InputError for options that the engine has no use for.
void require_options(const Options& o) {
  if (!o.rules.empty() && o.engine != "rapidcheck")
    reject({"--rules"}, "none, or --engine rapidcheck: walks and calls are not built of it",
           o.rules);
  if (o.engine == "walk") return o.require(Engine::walk);
  require_scope(o.scope);
  if (o.claims) reject({"--claims"}, "--engine walk, which counts them", o.engine);
  if (o.engine == "calls" && o.scope != RunOptions().scope)
    reject({"--scope"}, "none with --engine calls, which has the scope of recordings", o.scope);
}

void run(const Options& o, Report& report) {
  const Profile k = o.kernel();
  require_options(o);
  FailureFiles files(o.save);
  report.set_facts(o.facts(k));
  report.expect(1);
  const Stop stop(o.seconds);
  const auto run_engine = o.engine == "calls"        ? run_calls
                          : o.engine == "rapidcheck" ? run_rapid
                                                     : run_walk;
  run_engine(o, k, files, stop, report);
}

}  // namespace

void add_random(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(app, exit_code, "random", "Random steps, all properties after each",
                                [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  verb->add_option("--engine", o->engine,
                   "walk; rapidcheck: sequences of 250 draws by one thread, which prefers what it "
                   "has not seen, at any scope, a failure as short as the explorer's; or calls: "
                   "sequences of user calls, as recordings have them, a failure a recording")
      ->check(CLI::IsMember({"walk", "rapidcheck", "calls"}))
      ->capture_default_str();
  verb->add_option("--steps", o->steps,
                   "steps that take effect, rapidcheck's draws, or calls; default: " +
                       grouped(kSteps) + ", " + grouped(kDraws) + ", or " + grouped(kCallsDrawn) +
                       "; with --seconds as many as there is time for")
      ->check(count_from(1));
  verb->add_flag("--claims", o->claims,
                 "list at how many of the states that are come by each claim is given");
  verb->add_option("--seed", o->seed, "default: a new one, printed")->check(count_from(0));
}

}  // namespace hmm
