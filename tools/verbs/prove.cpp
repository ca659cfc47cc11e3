#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "model/step_infos.h"
#include "properties/engines/compare_steps.h"
#include "tools/runs/engine_rows.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"
#include "traces/nearest.h"

namespace hmm {
namespace {

struct Options : RunOptions {
  std::string step;
  unsigned timeout_ms = ProveOptions{}.timeout_ms;
  std::optional<unsigned> bounded;
  bool encodings = false, assume = false;
  Options() { scope = "pair"; }
};

void require_step(const std::string& name) {
  if (name.empty()) return;
  std::vector<std::string> names;
  for (const StepInfo& step : step_infos()) names.emplace_back(step.name);
  if (std::find(names.begin(), names.end(), name) == names.end())
    reject({"--step"}, "a step of `hmmcheck list steps`" + did_you_mean(name, names), name);
}

// Adds the rows of an induction as they come. Of a step that fails at several properties the run is
// printed once.
class Told {
 public:
  Told(const Options& o, const Stop& stop, FailureFiles& files, Report& report)
      : o_(o), stop_(stop), files_(files), report_(report) {}
  void add(ReportRow row) {
    const std::string step = row.facts["step"], property = row.facts["property"];
    // What was not asked any more is said once, for all.
    const bool is_news = row.judgement == Judgement::undecided && !stop_.is_asked();
    if (row.judgement == Judgement::violated || is_news) {
      row.text = fmt::format("{}: {}\n", row.detail, row.name);
      for (const auto& claim : row.broken) row.text += "broken: " + claim + "\n";
      if (step != last_) row.text += row.trace;
      last_ = step;
    }
    const bool is_first = row.judgement == Judgement::violated && !any_;
    any_ = any_ || is_first;
    if (is_first || files_.is_folder())
      add_and_save(report_, files_, std::move(row),
                   files_.is_folder() ? fmt::format("prove-{}-{}-{}", o_.scope, step, property)
                                      : "prove-" + o_.scope);
    else
      report_.add(std::move(row));
  }

 private:
  const Options& o_;
  const Stop& stop_;
  FailureFiles& files_;
  Report& report_;
  std::string last_;
  bool any_ = false;
};

// Of each override, by proof, whether some step differs because of it.
void say_undecided(const Options& o, const Profile& k, const Stop& stop, const Report& report) {
  for (const auto& one : o.overrides()) {
    CompareOptions options;
    options.timeout_ms = o.timeout_ms;
    options.threads = o.threads;
    options.only_step = o.step;
    options.stop = stop.token();
    options.first_difference = true;
    const auto all = compare_steps(o.scope, one.without, k, options);
    if (std::all_of(all.begin(), all.end(), [](const StepComparison& step) {
          return step.answer == Answer::proved || step.answer == Answer::out_of_scope;
        }))
      report.say(fmt::format(
          "{}: changes no verdict and no effect of {} in any state of {} that has every property",
          one.name, o.step.empty() ? "any step" : o.step, o.scope));
  }
}

void run_induction(const Options& o, const Profile& k, FailureFiles& files, const Stop& stop,
                   Report& report) {
  ProveOptions options;
  // What is preserved is so where all properties hold: the others are proved too, or assumed.
  const PropertySet others = kAllProperties & ~o.wanted();
  options.properties = o.assume ? o.wanted() : kAllProperties;
  options.threads = o.threads;
  options.timeout_ms = o.timeout_ms;
  options.only_step = o.step;
  const bool every = o.step.empty();
  report.expect(1 + proof_rows(options) + (every ? 1 : 0));
  ReportRow initial = initial_row(o.scope, k, options.properties);
  initial.text = verdict_text(initial, "");
  report.add(std::move(initial));
  Told told(o, stop, files, report);
  const auto [r, summary] =
      prove_row(o.scope, k, options, stop, [&](ReportRow row) { told.add(std::move(row)); });
  report.interrupt(stop.signal());
  // The proofs themselves could not be made.
  if (r.results.empty()) {
    report.say("could not decide: " + summary.detail);
    report.object({{"verdict", "undecided"}, {"reason", summary.detail}});
    report.bail_out(summary.detail);
  }
  if (every && !r.results.empty()) {
    ReportRow given = given_row(r);
    given.text = verdict_text(given, "");
    report.add(std::move(given));
  }
  say_undecided(o, k, stop, report);
  o.say_left_out(report);
  if (const auto names = names_of_properties(others); !names.empty())
    report.say(fmt::format("{}: {}",
                           o.assume ? "assumed, and not proved here" : "assumed, and proved",
                           joined(names)));
  report.say(
      fmt::format("prove {}, profile {}: {} proved, {} refuted, {} unknown, {} vacuous, {} not at "
                  "this scope or kernel, {:.1f} s{}",
                  o.scope, o.said(k), r.count(Answer::proved), r.count(Answer::refuted),
                  r.count(Answer::unknown), r.count(Answer::vacuous), r.count(Answer::out_of_scope),
                  r.seconds, stop.is_asked() ? ", " + summary.detail : ""));
}

void run_bounded(const Options& o, const Profile& k, FailureFiles& files, const Stop& stop,
                 Report& report) {
  BoundedOptions options;
  options.properties = o.properties.empty() ? promises() : o.wanted();
  options.to = *o.bounded;
  options.timeout_ms = o.timeout_ms;
  report.expect(1);
  auto [r, bad, row] = bounded_row(o.scope, k, options, stop);
  report.interrupt(stop.signal());
  const std::string summary = fmt::format(
      "prove {}, profile {} --bounded {}: {} at depth {}, {:.1f} s", o.scope, o.said(k), options.to,
      r.answer == Answer::proved ? "no violation" : row.facts["answer"].get<std::string>(), r.depth,
      r.seconds);
  row.text = verdict_text(row, "");
  if (!row.text.empty() && !row.text.ends_with('\n')) row.text += "\n";
  row.text += summary;
  add_and_save(report, files, std::move(row), "prove-" + o.scope);
}

void run_encodings(const Options& o, const Stop& stop, Report& report) {
  report.expect(encodings_count());
  const double seconds = encoding_rows(o.timeout_ms, stop, [&](ReportRow row) {
    if (row.judgement != Judgement::holds) row.text = fmt::format("{}: {}", row.name, row.detail);
    report.add(std::move(row));
  });
  report.interrupt(stop.signal());
  const std::size_t proved = report.count(Judgement::holds);
  report.say(fmt::format("prove encodings: {} proved over all 2^64 values, {} not, {:.1f} s",
                         proved, report.rows() - proved, seconds));
}

void run(const Options& o, Report& report) {
  if (o.encodings) return run_encodings(o, Stop(o.seconds), report);
  const Profile k = o.kernel();
  o.require(Engine::prove);
  require_step(o.step);
  FailureFiles files(o.save);
  Json facts = o.facts(k);
  // A proof's row is of one.
  if (!o.bounded) facts.erase("properties");
  report.set_facts(std::move(facts));
  const Stop stop(o.seconds);
  o.bounded ? run_bounded(o, k, files, stop, report) : run_induction(o, k, files, stop, report);
}

}  // namespace

void add_prove(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(
      app, exit_code, "prove",
      "Each property is preserved by each step, from any state, for any number of steps",
      [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  CLI::Option* const step = verb->add_option("--step", o->step, "only this one");
  verb->add_option("--timeout-ms", o->timeout_ms, "for one query")
      ->check(count_from(1, ~0u))
      ->capture_default_str();
  CLI::Option* const bounded =
      verb->add_option("--bounded", o->bounded, "instead: no violation within so many steps")
          ->check(count_from(0, 1000))
          ->excludes(step);
  verb->add_flag("--assume", o->assume,
                 "of the properties that --property leaves out: assume them only");
  CLI::Option* const encodings = verb->add_flag("--encodings", o->encodings,
                                                "instead: the swap entry encodings, every config");
  encodings->excludes(bounded)->excludes(step);
  // What an encoding is of has no scope, no kernel's switches and no run.
  for (const char* other :
       {"--scope", "--profile", "--set", "--drop", "--mutate", "--property", "--save", "--assume"})
    encodings->excludes(verb->get_option(other));
}

}  // namespace hmm
