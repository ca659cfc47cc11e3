#include <fmt/format.h>

#include <memory>

#include "model/step_infos.h"
#include "tools/runs/engine_rows.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"

namespace hmm {
namespace {

struct Options : RunOptions {
  std::string step;
  unsigned timeout_ms = ProveOptions{}.timeout_ms;
  std::optional<unsigned> bounded;
  bool encodings = false;
  Options() { scope = "pair"; }
};

void require_step(const std::string& name) {
  if (name.empty()) return;
  for (const StepInfo& step : step_infos())
    if (step.name == name) return;
  reject({"--step"}, "a step of `hmmcheck list steps`", name);
}

void run_induction(const Options& o, const Profile& k, Report& report) {
  require_step(o.step);
  ProveOptions options;
  options.properties = o.wanted();
  options.threads = o.threads;
  options.timeout_ms = o.timeout_ms;
  options.only_step = o.step;
  const auto [r, summary] = prove_row(o.scope, k, options);
  std::string last;  // step whose trace was printed
  for (ReportRow& row : rows_of(o.scope, k, r)) {
    if (row.judgement == Judgement::violated || row.judgement == Judgement::undecided) {
      row.text = fmt::format("{}: {}\n", row.detail, row.name);
      const std::string step = row.facts.value("step", "");
      for (const auto& claim : row.broken) row.text += "broken: " + claim + "\n";
      if (!row.trace.empty() && step != last) row.text += row.trace;
      last = step;
    }
    report.add(std::move(row));
  }
  for (const std::string claim : summary.facts["claims_given_in_no_state"])
    report.say("vacuous: " + claim + " is given in no state of the scope that was found");
  o.say_left_out(report);
  report.say(fmt::format(
      "prove {}, profile {}: {} proved, {} refuted, {} unknown, {} vacuous, {} not at this scope, "
      "{:.1f} s",
      o.scope, k.name, r.count(Answer::proved), r.count(Answer::refuted), r.count(Answer::unknown),
      r.count(Answer::vacuous), r.count(Answer::out_of_scope), r.seconds));
}

void run_bounded(const Options& o, const Profile& k, Report& report) {
  BoundedOptions options;
  options.properties = o.properties.empty() ? promises() : o.wanted();
  options.to = *o.bounded;
  options.timeout_ms = o.timeout_ms;
  report.expect(1);
  auto [r, bad, row] = bounded_row(o.scope, k, options, o.save);
  if (bad != 0) row.text = failure_text(o, row);
  row.text += fmt::format(
      "prove {} --bounded {}: {} at depth {}, {:.1f} s", o.scope, options.to,
      r.answer == Answer::proved ? "no violation" : row.facts["answer"].get<std::string>(), r.depth,
      r.seconds);
  report.add(std::move(row));
}

void run_encodings(const Options& o, Report& report) {
  Encoded encoded = encoding_rows(o.timeout_ms);
  report.expect(encoded.rows.size());
  for (ReportRow& row : encoded.rows) {
    if (row.judgement != Judgement::holds) row.text = fmt::format("{}: {}", row.name, row.detail);
    report.add(std::move(row));
  }
  const std::size_t proved = report.count(Judgement::holds);
  report.say(fmt::format("prove encodings: {} proved over all 2^64 values, {} not, {:.1f} s",
                         proved, report.rows() - proved, encoded.seconds));
}

void run(const Options& o, Report& report) {
  if (o.encodings) return run_encodings(o, report);
  o.validate();
  const Profile k = o.kernel();
  require_scope(o.scope, Engine::prove);
  o.bounded ? run_bounded(o, k, report) : run_induction(o, k, report);
}

}  // namespace

void add_prove(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(
      app, exit_code, "prove",
      "Each property is preserved by each step, from any state, for any number of steps",
      [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  verb->add_option("--step", o->step, "only this one");
  verb->add_option("--timeout-ms", o->timeout_ms, "for one query")
      ->check(kCount)
      ->capture_default_str();
  verb->add_option("--bounded", o->bounded, "instead: no violation within so many steps")
      ->check(kCount);
  verb->add_flag("--encodings", o->encodings, "instead: the swap entry encodings, every config");
}

}  // namespace hmm
