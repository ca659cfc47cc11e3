#include <fmt/format.h>

#include <memory>

#include "properties/engines/prove_encodings.h"
#include "properties/waivers.h"
#include "tools/verbs/explore.h"
#include "tools/verbs/failure.h"
#include "tools/verbs/prove.h"
#include "tools/verbs/random.h"
#include "tools/verbs/replay.h"

namespace hmm {
namespace {

struct Options : RunOptions {
  std::uint64_t seed = 0;
  std::uint64_t steps = 10'000'000;
  bool quick = false;
};

// One row of the table: what an engine did, and its verdict.
class Table {
 public:
  explicit Table(const Options& o, std::string profile) : o_(o), profile_(std::move(profile)) {
    if (is_text())
      fmt::print("{:<9} {:<10} {:<8} {:<28} {:<58} {:>8}  {}\n", "engine", "scope", "profile",
                 "checked", "numbers", "seconds", "verdict");
  }
  void add(const std::string& engine, const std::string& scope, const std::string& checked,
           const std::string& numbers, double seconds, CheckResult::Kind kind,
           const std::string& detail, const char* if_pass = "holds") {
    outcomes.push_back({engine + " " + scope, kind, detail, seconds});
    const char* const verdict = kind == CheckResult::Kind::pass   ? if_pass
                                : kind == CheckResult::Kind::fail ? "VIOLATED"
                                                                  : "undecided";
    if (o_.json)
      fmt::print("{}\n", Json{{"engine", engine},
                              {"scope", scope},
                              {"profile", profile_},
                              {"checked", checked},
                              {"numbers", numbers},
                              {"seconds", seconds},
                              {"verdict", verdict},
                              {"detail", detail}}
                             .dump());
    else if (is_text())
      fmt::print("{:<9} {:<10} {:<8} {:<28} {:<58} {:>8.1f}  {}\n", engine, scope, profile_,
                 checked, numbers, seconds, verdict);
    if (!detail.empty() && is_text()) fmt::print("  {}\n", detail);
    std::fflush(stdout);
  }
  std::vector<CheckResult> outcomes;

 private:
  bool is_text() const { return !o_.json && !o_.ktap; }
  const Options& o_;
  std::string profile_;
};

std::string count_of(PropertySet set) { return fmt::format("{} properties", std::popcount(set)); }

void run_random(const Options& o, const Profile& k, const std::string& scope, Table& table) {
  const WalkSummary r = walk_scope(o, k, scope, o.seed, o.steps, 20);
  table.add(
      "random", scope, count_of(o.wanted()),
      fmt::format("{} steps, {} steps/s, --seed {}", grouped(r.steps),
                  grouped(static_cast<std::uint64_t>(static_cast<double>(r.steps) / r.seconds)),
                  r.seed),
      r.seconds,
      r.bad != 0          ? CheckResult::Kind::fail
      : r.way_out.empty() ? CheckResult::Kind::pass
                          : CheckResult::Kind::undecided,
      r.bad != 0          ? "violated: " + joined(names_of_properties(r.bad))
      : r.way_out.empty() ? ""
                          : kLeavesRanges);
  if (r.bad != 0) print_failure(o, r.bad, r.trace);
}

VerdictsSeen run_explore(const Options& o, const Profile& k, const std::string& scope,
                         Table& table) {
  const ExploreSummary r = explore_scope(o, k, scope, 400'000'000);
  const auto kind = r.bad != 0   ? CheckResult::Kind::fail
                    : r.complete ? CheckResult::Kind::pass
                                 : CheckResult::Kind::undecided;
  table.add("explore", scope, count_of(o.wanted()),
            fmt::format("{} states, {} edges, depth {}, {:.0f} B/state", grouped(r.states),
                        grouped(r.edges), r.depth, r.bytes_per_state),
            r.seconds, kind,
            r.bad != 0          ? "violated: " + joined(names_of_properties(r.bad))
            : r.way_out.empty() ? ""
                                : kLeavesRanges);
  if (r.bad != 0) print_failure(o, r.bad, r.trace);
  return r.seen;
}

void run_prove(const Options& o, const Profile& k, const std::string& scope, Table& table) {
  const ProofSummary r = prove_scope(o, k, scope, "", 60'000);
  const auto kind = r.count(Answer::refuted) != 0 || r.initial_bad != 0 ? CheckResult::Kind::fail
                    : r.count(Answer::unknown) + r.count(Answer::vacuous) != 0
                        ? CheckResult::Kind::undecided
                        : CheckResult::Kind::pass;
  std::string detail;
  for (const auto& l : r.lines)
    if (detail.empty() && l.answer != Answer::proved && l.answer != Answer::out_of_scope)
      detail = fmt::format("{}: {} preserves {}", name_of(l.answer), l.step, l.property);
  table.add(
      "prove", scope, fmt::format("{} steps x {}", kSteps, count_of(o.wanted())),
      fmt::format("{} proved, {} refuted, {} unknown, {} vacuous", r.count(Answer::proved),
                  r.count(Answer::refuted), r.count(Answer::unknown), r.count(Answer::vacuous)),
      r.seconds, kind, detail);
}

// Each defect of the profile that the other rows leave out breaks what it is known to break.
void run_defects(const Options& o, const Profile& k, Table& table) {
  for (const auto& defect : kDefects) {
    if (defect.scope == nullptr) continue;
    Options silent = o;
    silent.save.clear();
    silent.scope = defect.scope;
    const auto out = silent.defects_left_out();
    if (std::find(out.begin(), out.end(), defect.name) == out.end()) continue;
    Profile broken = k;
    broken.*switch_named(defect.name)->at = true;
    std::size_t found = 0;
    unsigned depth = 0;
    std::vector<std::string> missing;
    double seconds = 0;
    for (const char* property : defect.breaks) {
      if (property == nullptr) continue;
      silent.properties = {property};
      const ExploreSummary r = explore_scope(silent, broken, defect.scope, 400'000'000);
      seconds += r.seconds;
      if (r.bad == 0) {
        missing.emplace_back(property);
        continue;
      }
      depth = found == 0 ? r.depth : std::min(depth, r.depth);
      ++found;
    }
    table.add("explore", defect.scope, defect.name,
              fmt::format("breaks {} properties, the first at depth {}", found, depth), seconds,
              missing.empty() ? CheckResult::Kind::pass : CheckResult::Kind::fail,
              missing.empty() ? "" : "known to break, and does not: " + joined(missing),
              "known defect");
  }
}

void run_encodings(Table& table) {
  double ms = 0;
  std::size_t proved = 0;
  std::string detail;
  bool refuted = false;
  const auto results = prove_encodings(all_configs(), 60'000);
  for (const auto& r : results) {
    using A = EncodingResult::Answer;
    ms += r.ms;
    proved += r.answer == A::proved ? 1 : 0;
    refuted = refuted || r.answer == A::refuted;
    if (r.answer != A::proved && detail.empty()) detail = r.property + " " + r.config;
  }
  table.add("prove", "2^64", "swap entries, every config",
            fmt::format("{} proved, {} not", proved, results.size() - proved), ms / 1000,
            refuted                    ? CheckResult::Kind::fail
            : proved == results.size() ? CheckResult::Kind::pass
                                       : CheckResult::Kind::undecided,
            detail);
}

int run(Options& o, bool seeded) {
  if (!seeded) o.seed = fresh_seed();
  o.validate();
  const Profile k = o.kernel();
  require_explorable(o.scope);
  const auto start = std::chrono::steady_clock::now();
  Table table(o, k.name);
  run_encodings(table);
  run_prove(o, k, "pair", table);
  run_random(o, k, o.scope, table);
  run_random(o, k, "large", table);
  VerdictsSeen seen{};
  std::vector<std::string> scopes{"tiny",  "fork",  "pins",   "ranges",
                                  "pages", "moves", "shared", "coherent"};
  if (!o.quick) scopes.push_back(o.scope);
  for (const auto& scope : scopes) {
    const VerdictsSeen more = run_explore(o, k, scope, table);
    for (std::size_t i = 0; i < kSteps; ++i) seen[i] |= more[i];
  }
  run_defects(o, k, table);
  // A run that was cut short by a violation has not reached everything it could.
  if (exit_code_of(table.outcomes) == kHolds && !o.quick) {
    const auto never = verdicts_never_reached(seen);
    table.add("explore", "all above", "every verdict is reached",
              fmt::format("{} verdicts not reached, {} waived", never.size(), kWaiverCount), 0,
              never.empty() ? CheckResult::Kind::pass : CheckResult::Kind::fail,
              never.empty() ? "" : "never: " + joined(never));
  }
  const int code = exit_code_of(table.outcomes);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const char* const verdict = code == kHolds      ? "holds"
                              : code == kViolated ? "violated"
                                                  : "undecided";
  if (o.json)
    fmt::print("{}\n", Json{{"verdict", verdict}, {"seconds", seconds}}.dump());
  else if (!o.ktap)
    fmt::print("check: {}, profile {}, scope {}, {:.0f} s\n", verdict, k.name, o.scope, seconds);
  print_outcomes(o, "hmmcheck check", table.outcomes);
  return code;
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("check", "The main job: random, explore and prove, one verdict");
  o->add_to(*verb);
  verb->add_option("--steps", o->steps, "random steps at each scope")
      ->check(kCount)
      ->capture_default_str();
  verb->add_flag("--quick", o->quick, "only the small scopes");
  CLI::Option* seed =
      verb->add_option("--seed", o->seed, "default: a new one, printed")->check(kCount);
  verb->callback([o, seed, &exit_code] { exit_code = run(*o, seed->count() != 0); });
}

}  // namespace hmm
