#include "tools/runs/museum.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "properties/engines/judged_machine.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/failure.h"
#include "tools/runs/live_rows.h"
#include "tools/runs/rules_build.h"
#include "tools/runs/traces.h"
#include "traces/nearest.h"
#include "traces/replay.h"

namespace hmm {
namespace {

// A bug that takes a walk longer than this counts as not found.
constexpr std::uint64_t kWalkSteps = 5'000'000;

// What ends the judging of a bug that nobody can judge.
struct Undecided : std::runtime_error {
  using runtime_error::runtime_error;
};

// `FILE:LINE: expected ..., found ...` of the first line in which the run is another one.
std::string difference(const TraceFile& kept, const std::string& found) {
  TraceFile run = kept;
  run.comments.clear();
  const std::string text = print_trace(run);
  const auto expected = lines_of(found, "the run that was found"), is = lines_of(text, kept.path);
  const auto [e, i] = std::mismatch(expected.begin(), expected.end(), is.begin(), is.end());
  if (e == expected.end() && i == is.end()) return "";
  const auto line = kept.comments.size() + static_cast<std::size_t>(i - is.begin()) + 1;
  return fmt::format("{}:{}: expected {}, found {}", kept.path, line,
                     e == expected.end() ? "its end" : *e, i == is.end() ? "its end" : *i);
}

std::string replay_divergence(const Exhibit& exhibit) {
  const auto machine = machine_at(exhibit.trace.scope);
  const Profile& k = exhibit.bug.buggy;
  ReplayHooks hooks;
  hooks.violates = [&](std::string_view property) {
    return machine->violated(k, property_named(property)) != 0;
  };
  hooks.denies_hang = [&](const std::vector<Want>& wants, const PlainSteps& cycle) {
    return why_no_hang(*machine, k, wants, cycle);
  };
  return replay(exhibit.trace, k, *machine, hooks).divergence;
}

// Why the search has not found the bug as it is kept; empty if it has.
std::string failure_of(const Exhibit& exhibit, const Explored& explored) {
  const BugFile& bug = exhibit.bug;
  const auto differs = [&](const std::string& key, const auto& found) {
    return fmt::format("{}: expected {} = {}, found {}", bug.path, key, found,
                       key == "promise" ? bug.promise : std::to_string(bug.steps));
  };
  const PropertySet bad = explored.result.bad & promises();
  if (bad == 0) return fmt::format("{}: expected {} violated, found none", bug.path, bug.promise);
  if ((bad & property_named(bug.promise)) == 0)
    return differs("promise", joined(names_of_properties(bad)));
  const std::size_t steps = explored.result.counterexample.size();
  if (steps != bug.steps) return differs("steps", steps);
  const std::string difference = hmm::difference(exhibit.trace, explored.row.trace);
  return difference.empty() ? replay_divergence(exhibit) : difference;
}

// Why a search for hangs has not found the bug as it is kept; empty if it has.
std::string failure_of(const Exhibit& exhibit, const ReportRow& found) {
  const BugFile& bug = exhibit.bug;
  if (found.judgement != Judgement::violated)
    return fmt::format("{}: expected {} violated, found none", bug.path, bug.promise);
  const auto steps = found.facts["steps"].get<unsigned>() + found.facts["cycle"].get<unsigned>();
  if (steps != bug.steps)
    return fmt::format("{}: expected steps = {}, found {}", bug.path, bug.steps, steps);
  const std::string difference = hmm::difference(exhibit.trace, found.trace);
  return difference.empty() ? replay_divergence(exhibit) : difference;
}

// Where walks of the bug go: its own scope, or one that has everything.
std::string scope_of_walks(const BugFile& bug) {
  // No walk says of a run that it has no end.
  if (live_claim_named(bug.promise)) return "";
  for (const std::string& scope : {bug.scope, std::string("pair"), std::string("large")})
    if (is_built(scope, Engine::walk, bug.buggy.rules)) return scope;
  return "";
}

ExploreOptions search_for(PropertySet properties) {
  ExploreOptions options;
  options.properties = properties;
  return options;
}

Json facts_of(const BugFile& bug) {
  return {{"id", bug.id},          {"title", bug.title},
          {"says", bug.says},      {"cites", bug.cites},
          {"kind", bug.kind},      {"profile", bug.profile},
          {"set", bug.sets},       {"dropped", bug.drops},
          {"mutated", bug.mutate}, {"rules", bug.rules},
          {"scope", bug.scope},    {"promise", bug.promise},
          {"steps", bug.steps},    {"recordings", bug.recordings}};
}

}  // namespace

std::vector<std::string_view> names_of_breakable() {
  auto names = names_of_promises();
  for (const auto name : names_of_live_claims()) names.push_back(name);
  return names;
}

std::vector<Exhibit> load_exhibits(const std::string& folder, const std::vector<std::string>& ids) {
  auto bugs = load_bugs(folder, names_of_breakable());
  std::vector<std::string> names;
  for (const auto& bug : bugs) names.push_back(bug.id);
  for (const auto& id : ids)
    if (std::find(names.begin(), names.end(), id) == names.end())
      reject({"ID"}, fmt::format("a bug of {}{}", folder, did_you_mean(id, names)), id);
  std::vector<Exhibit> exhibits;
  for (auto& bug : bugs) {
    if (!ids.empty() && std::find(ids.begin(), ids.end(), bug.id) == ids.end()) continue;
    const std::string path = (std::filesystem::path(bug.folder()) / "bug.trace").string();
    exhibits.push_back({std::move(bug), load_trace(path, all_property_names())});
  }
  return exhibits;
}

const std::string& Museum::failure_of_fixed(const BugFile& bug) {
  const auto [known, is_new] = fixed_.try_emplace({bug.profile, bug.scope});
  if (!is_new) return known->second;
  const Explored explored = explore_row(bug.scope, bug.fixed, search_for(promises()), stop_);
  if (explored.row.judgement == Judgement::undecided) {
    fixed_.erase(known);
    throw Undecided(explored.row.detail);
  }
  if (explored.row.judgement != Judgement::holds)
    known->second =
        fmt::format("{}: expected {} to hold at {} without the bug, found {}", bug.path,
                    bug.profile, bug.scope, violation(explored.result.bad & promises()));
  return known->second;
}

// The same of a claim of liveness.
ReportRow Museum::judge_hang(const Exhibit& exhibit, ReportRow row) const {
  const BugFile& bug = exhibit.bug;
  const auto claim = static_cast<std::size_t>(*live_claim_named(bug.promise));
  decide(row, [&] {
    Lived found = live_rows(bug.scope, bug.buggy, {}, stop_);
    row.seconds = found.result.seconds;
    row.facts["states"] = found.result.states;
    const ReportRow& broken = found.rows[claim];
    if (broken.judgement == Judgement::undecided) throw Undecided(broken.detail);
    row.detail = failure_of(exhibit, broken);
    const Lived fixed = live_rows(bug.scope, bug.fixed, {}, stop_);
    if (fixed.rows[claim].judgement == Judgement::undecided)
      throw Undecided(fixed.rows[claim].detail);
    if (row.detail.empty() && fixed.rows[claim].judgement != Judgement::holds)
      row.detail =
          fmt::format("{}: expected {} at {} of {} without the bug, found that it {}", bug.path,
                      bug.promise, bug.scope, bug.profile, fixed.rows[claim].detail);
    if (row.detail.empty()) return;
    row.judgement = Judgement::violated;
    row.trace = broken.trace;
  });
  return row;
}

ReportRow Museum::judge(const Exhibit& exhibit) {
  const BugFile& bug = exhibit.bug;
  ReportRow row;
  row.name = bug.id;
  row.facts = facts_of(bug);
  if (!bug.rules.empty())
    row.detail = load_kept_rules(bug.rules_name(), bug.rules, bug.scope, {bug.path});
  if (!row.detail.empty()) {
    row.judgement = Judgement::skipped;
    row.is_wanting = true;
    return row;
  }
  if (live_claim_named(bug.promise) && is_built(bug.scope, Engine::live))
    return judge_hang(exhibit, std::move(row));
  if (live_claim_named(bug.promise) || !is_built(bug.scope, Engine::explore, bug.buggy.rules)) {
    row.judgement = Judgement::skipped;
    row.is_wanting = true;
    row.detail = fmt::format("this build does not explore {}", bug.scope);
    return row;
  }
  decide(row, [&] {
    // What users see of it: a lock that is not taken, say, breaks what is promised of locks before.
    Explored explored =
        explore_row(bug.scope, bug.buggy, search_for(property_named(bug.promise)), stop_);
    if (explored.row.judgement == Judgement::holds)
      explored = explore_row(bug.scope, bug.buggy, search_for(promises()), stop_);
    row.seconds = explored.row.seconds;
    row.facts["states"] = explored.result.states;
    if (explored.row.judgement == Judgement::undecided) throw Undecided(explored.row.detail);
    row.detail = failure_of(exhibit, explored);
    if (row.detail.empty()) row.detail = failure_of_fixed(bug);
    if (row.detail.empty()) return;
    row.judgement = Judgement::violated;
    row.trace = explored.row.trace;
  });
  return row;
}

Seeds Museum::walk_seeds(const BugFile& bug, unsigned seeds) const {
  Seeds out;
  out.scope = scope_of_walks(bug);
  if (out.scope.empty()) return out;
  const auto machine = machine_at(out.scope);
  std::vector<std::uint64_t> steps;
  for (unsigned seed = 1; seed <= seeds && !stop_.is_asked(); ++seed) {
    WalkOptions options;
    options.seed = seed;
    options.steps = kWalkSteps;
    options.threads = threads_;
    // What the bug is kept for, as a search is asked: the promise that a walk breaks first is
    // another from seed to seed.
    options.properties = property_named(bug.promise);
    options.stop = stop_.token();
    const WalkResult r = walk(out.scope, bug.buggy, options);
    // A walk that was cut short says nothing.
    if (r.bad == 0 && stop_.is_asked()) break;
    ++out.walked;
    out.seconds += r.seconds;
    if (r.bad == 0) continue;
    steps.push_back(r.steps);
    const PlainSteps shrunk =
        shortest_failure(*machine, bug.buggy, r.counterexample, r.bad, nullptr, stop_.token());
    // Shrinking leaves some longer, and the explorer knows the one that is shortest.
    const Violation shortest =
        explored_failure(out.scope, bug.buggy, {r.bad, shrunk}, r.bad, stop_.token());
    out.texts.insert(failing_trace(bug.buggy, out.scope, shortest.steps, shortest.bad));
  }
  out.found = static_cast<unsigned>(steps.size());
  std::sort(steps.begin(), steps.end());
  if (!steps.empty()) out.median_steps = steps[steps.size() / 2];
  return out;
}

}  // namespace hmm
