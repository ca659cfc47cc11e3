#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "model/defects.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/waivers.h"
#include "tools/runs/check_plan.h"
#include "tools/runs/check_rows.h"
#include "tools/runs/engine_rows.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"

namespace hmm {
namespace {

const std::string kEvery = "all";

struct Options : RunOptions {
  std::optional<std::uint64_t> seed;
  std::uint64_t steps = WalkOptions{}.steps;
  bool quick = false;
  Options() { scope = kEvery; }
};

constexpr double kWalkSeconds = 20;

using Line = CheckLine;

constexpr const char* kColumns = "{:<9} {:<13} {:<8} {:<28} {:<58} {:>8}  {}";

// What check does, as a list, so that it is known beforehand how many verdicts there will be.
class Check {
 public:
  Check(const Options& o, const Stop& stop, Report& report)
      : o_(o),
        k_(o.kernel()),
        files_(o.save),
        stop_(stop),
        seed_(o.seed ? *o.seed : fresh_seed()),
        properties_(fmt::format("{} properties", names_of_properties(o.wanted()).size())),
        report_(report) {}

  void run();

 private:
  // Runs an engine and adds its row. What keeps one from giving its verdict must not keep the
  // others from giving theirs.
  using Task = std::function<ReportRow(Line&)>;
  void plan(const std::string& engine, const std::string& scope, Task task) {
    tasks_.push_back({engine, scope, std::move(task)});
  }
  void plan_all();
  void plan_defects();
  void add(const std::string& engine, const std::string& scope, const Task& task);

  ReportRow encodings(Line& line) const;
  ReportRow proofs(const std::string& scope, Line& line) const;
  ReportRow walk(const std::string& scope, Line& line);
  ReportRow exploration(const std::string& scope, Line& line);
  ReportRow verdicts(Line& line) const;
  ReportRow claims(Line& line) const;
  void say_exercised() const;
  ReportRow exercised(const std::string& name, const std::vector<std::string>& never) const;

  struct Planned {
    std::string engine, scope;
    Task task;
  };
  const Options& o_;
  Profile k_;
  FailureFiles files_;
  const Stop& stop_;
  std::uint64_t seed_;
  std::string properties_;
  Report& report_;
  std::vector<Planned> tasks_;
  // By scope and engine: at how many states, or at whether any, each claim was given.
  std::vector<std::pair<std::string, GivenCounts>> exercised_;
  VerdictsSeen seen_ = VerdictsSeen(step_infos().size());
  GivenCounts given_;
};

void Check::plan_all() {
  const bool every = o_.scope == kEvery;
  if (every) plan("prove", "2^64", [this](Line& line) { return encodings(line); });
  for (const auto& [engine, scope] : every ? check_plan(o_.quick) : check_plan_at(o_.scope))
    switch (engine) {
      case Engine::prove:
        plan("prove", scope, [this, at = scope](Line& line) { return proofs(at, line); });
        break;
      case Engine::walk:
        plan("random", scope, [this, at = scope](Line& line) { return walk(at, line); });
        break;
      case Engine::explore:
        plan("explore", scope, [this, at = scope](Line& line) { return exploration(at, line); });
        break;
      case Engine::live:
        plan("liveness", scope, [this, at = scope](Line& line) {
          return liveness_row(at, k_, o_.threads, stop_, line);
        });
        break;
    }
  plan_defects();
  if (every && !o_.quick)
    plan("explore", "all above", [this](Line& line) { return verdicts(line); });
  if (o_.scope == kEvery && !o_.quick)
    plan("all", "all above", [this](Line& line) { return claims(line); });
}

// Each defect of the profile that the other rows leave out breaks what it is known to break.
void Check::plan_defects() {
  for (const auto& one : kDefects) {
    if (one.scope == nullptr || (o_.scope != kEvery && o_.scope != one.scope)) continue;
    RunOptions there = o_;
    there.scope = one.scope;
    const auto out = there.defects_left_out();
    if (std::find(out.begin(), out.end(), one.name) != out.end())
      plan("explore", one.scope,
           [this, &one](Line& line) { return defect_row(one, k_, o_.threads, stop_, line); });
  }
  for (const auto& one : kHangs)
    if ((o_.scope == kEvery || o_.scope == one.scope) && hangs(k_, one))
      plan("liveness", one.scope,
           [this, &one](Line& line) { return hang_row(one, k_, o_.threads, stop_, line); });
}

void Check::add(const std::string& engine, const std::string& scope, const Task& task) {
  Line line;
  ReportRow row;
  row.name = engine + " " + scope;
  if (stop_.is_asked()) {
    row.judgement = Judgement::undecided;
    row.detail = "not run (" + stop_.reason() + ")";
  } else {
    decide(row, [&] { row = task(line); });
  }
  const std::string verdict = row.judgement == Judgement::holds ? line.if_it_holds
                              : row.judgement == Judgement::violated
                                  ? "VIOLATED"
                                  : std::string(name_of(row.judgement));
  row.text = fmt::format(kColumns, engine, scope, k_.name, line.checked, line.numbers,
                         fmt::format("{:.1f}", row.seconds), verdict);
  if (row.judgement != Judgement::holds) row.text += "\n" + verdict_text(row, "");
  row.facts.update({{"engine", engine}, {"scope", scope}, {"checked", line.checked}});
  std::string file = fmt::format("{}-{}", engine, scope);
  if (engine == "random") file += fmt::format("-{}", seed_);
  add_and_save(report_, files_, std::move(row), file);
}

ReportRow Check::encodings(Line& line) const {
  ReportRow row;
  row.name = "prove encodings";
  std::size_t proved = 0, rows = 0;
  row.seconds = encoding_rows(ProveOptions{}.timeout_ms, stop_, [&](const ReportRow& one) {
    ++rows;
    proved += one.judgement == Judgement::holds ? 1 : 0;
    if (one.judgement != Judgement::holds && row.detail.empty()) row.detail = one.name;
    if (one.judgement == Judgement::violated || row.judgement == Judgement::holds)
      row.judgement = one.judgement;
  });
  row.facts = {{"proved", proved}, {"not_proved", rows - proved}};
  line.checked = "swap entries, every config";
  line.numbers = fmt::format("{} proved, {} not", proved, rows - proved);
  return row;
}

ReportRow Check::proofs(const std::string& scope, Line& line) const {
  ProveOptions options;
  options.properties = o_.wanted();
  options.threads = o_.threads;
  auto [r, row] = prove_row(scope, k_, options, stop_);
  line.checked = fmt::format("{} steps x {}", step_infos().size(), properties_);
  line.numbers =
      fmt::format("{} proved, {} refuted, {} unknown, {} vacuous", r.count(Answer::proved),
                  r.count(Answer::refuted), r.count(Answer::unknown), r.count(Answer::vacuous));
  // Other scopes may give them; whether any does is a row of its own.
  if (const std::size_t never = row.facts["claims_given_in_no_state"].size(); never != 0)
    line.numbers += fmt::format(", {} claims given nowhere", never);
  return row;
}

ReportRow Check::walk(const std::string& scope, Line& line) {
  WalkOptions options;
  options.seed = seed_;
  options.steps = o_.steps;
  options.seconds = kWalkSeconds;
  options.threads = o_.threads;
  options.properties = o_.wanted();
  auto [r, row] = walk_row(scope, k_, options, stop_);
  // A search that could not be made has looked at nothing.
  if (!r.given.empty()) exercised_.emplace_back("random " + scope, r.given);
  add_counts(given_, r.given);
  line.checked = properties_;
  line.numbers = fmt::format("{} steps, {} steps/s, --seed {}", grouped(r.steps),
                             grouped(row.facts["steps_per_second"].get<std::uint64_t>()), seed_);
  return row;
}

ReportRow Check::exploration(const std::string& scope, Line& line) {
  ExploreOptions options;
  options.properties = o_.wanted();
  options.threads = o_.threads;
  auto [r, row] = explore_row(scope, k_, options, stop_);
  for (std::size_t i = 0; i < r.seen.size(); ++i) seen_[i] |= r.seen[i];
  if (!r.given.empty()) exercised_.emplace_back(scope, r.given);
  add_counts(given_, r.given);
  line.checked = properties_;
  line.numbers = fmt::format("{} states, {} edges, depth {}, {:.0f} B/state", grouped(r.states),
                             grouped(r.edges), r.depth, r.bytes_per_state);
  return row;
}

// Of what all searches together were to come by, `never` was not. A run that was cut short by a
// violation has not reached everything it could.
ReportRow Check::exercised(const std::string& name, const std::vector<std::string>& never) const {
  ReportRow row;
  row.name = name;
  row.facts["never"] = never;
  if (report_.exit_code() != kHolds) {
    row.judgement = Judgement::skipped;
    row.detail = "a search that was cut short has not reached everything it could";
  } else if (!never.empty()) {
    row.judgement = Judgement::violated;
    row.detail = "never: " + joined(never);
  }
  return row;
}

// A line for each promise, a letter for each search.
void Check::say_exercised() const {
  if (exercised_.empty()) return;
  report_.say(
      "\nWhere each promise says something: # all of its claims are given in some state, "
      "+ some, . none");
  std::string columns;
  for (const auto& [where, given] : exercised_) columns += (columns.empty() ? "" : ", ") + where;
  for (std::size_t p = 0; p < property_infos().size(); ++p) {
    if ((promises() & o_.wanted() & PropertySet{1} << p) == 0) continue;
    std::string marks;
    for (const auto& [where, given] : exercised_) {
      std::size_t all = 0, some = 0;
      for (std::size_t c = 0; c < claim_infos().size(); ++c)
        if (claim_infos()[c].property == p && ++all != 0) some += given[c] != 0 ? 1 : 0;
      marks += some == 0 ? '.' : some < all ? '+' : '#';
    }
    report_.say(fmt::format("{:<34} {}", property_infos()[p].name, marks));
  }
  report_.say("in the order: " + columns + "\n");
}

ReportRow Check::verdicts(Line& line) const {
  const auto never = verdicts_never_reached(seen_, k_);
  line.checked = "every verdict is reached";
  line.numbers = fmt::format("{} verdicts not reached, {} waived", never.size(), waiver_count(k_));
  return exercised("explore " + line.checked, never);
}

// A claim that is given nowhere holds of nothing.
ReportRow Check::claims(Line& line) const {
  const auto never = never_given(given_, o_.wanted());
  line.checked = "every claim is given";
  line.numbers = fmt::format("{} claims, {} never given", claim_infos().size(), never.size());
  return exercised(line.checked, never);
}

void Check::run() {
  const auto start = std::chrono::steady_clock::now();
  plan_all();
  report_.expect(tasks_.size());
  report_.set_facts(o_.facts(k_));
  report_.say(fmt::format(kColumns, "engine", "scope", "profile", "checked", "numbers", "seconds",
                          "verdict"));
  for (const auto& [engine, scope, task] : tasks_) add(engine, scope, task);
  say_exercised();
  report_.interrupt(stop_.signal());
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const int code = report_.exit_code();
  const std::string_view verdict = name_of(code == kHolds      ? Judgement::holds
                                           : code == kViolated ? Judgement::violated
                                                               : Judgement::undecided);
  Json all = o_.facts(k_);
  all.update({{"seed", seed_}, {"verdict", verdict}, {"seconds", seconds}});
  report_.object(all);
  report_.say(fmt::format("check: {}, profile {}, scope {}, {:.0f} s", verdict, o_.said(k_),
                          o_.scope, seconds));
}

void run(const Options& o, Report& report) {
  if (!o.rules.empty())
    reject({"--rules"}, "none: explore, prove, replay, conform and diff take it", o.rules);
  if (o.scope != kEvery)
    require_scope(o.scope);
  else if (const auto built = built_scopes(); built.size() != kScopes.size())
    reject({"--scope"}, fmt::format("a scope that this build has ({})", joined(built)), kEvery);
  const Stop stop(o.seconds);
  Check(o, stop, report).run();
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "check", "The main job: random, explore and prove, one verdict",
                   [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  verb->add_option("--steps", o->steps, "random steps at each scope")
      ->check(count_from(1))
      ->capture_default_str();
  verb->add_flag("--quick", o->quick, "only the small scopes");
  verb->add_option("--seed", o->seed, "default: a new one, printed")->check(count_from(0));
}

}  // namespace hmm
