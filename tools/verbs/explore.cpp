#include "tools/verbs/explore.h"

#include <fmt/format.h>

#include <memory>

#include "properties/engines/explore_instances.h"
#include "properties/waivers.h"
#include "tools/verbs/failure.h"
#include "tools/verbs/witnesses.h"

namespace hmm {
namespace {

// A shortest trace for each verdict of each step.
template <Scope S>
void write_witnesses(const Explorer<S>& explorer, const Profile& k, const std::string& scope,
                     const VerdictsSeen& seen, Witnesses& witnesses) {
  for (std::size_t kind = 0; kind < kSteps; ++kind)
    for (std::size_t v = 0; v < kVerdicts; ++v) {
      if ((seen[kind] >> v & 1) == 0) continue;
      const auto verdict = static_cast<Verdict>(v);
      witnesses.add(scope, k, plain_steps<S>(explorer.witness(kind, verdict)), verdict);
    }
}

}  // namespace

void require_explorable(const std::string& scope) {
  require_scope(scope);
  if (!can_explore(scope_named(scope)->scope))
    reject({"--scope"}, "a scope small enough to explore", scope);
}

ExploreSummary explore_scope(const RunOptions& o, const Profile& k, const std::string& scope,
                             std::uint64_t max_states, Witnesses* witnesses) {
  ExploreSummary out;
  require_explorable(scope);
  at_scope(scope, [&]<Scope S>() {
    if constexpr (can_explore(S)) {
      Progress progress("explore " + scope);
      ExploreOptions options;
      options.properties = o.wanted();
      options.max_states = max_states;
      options.threads = o.threads;
      options.progress = [&](std::uint64_t states, unsigned depth) {
        progress.show(fmt::format("{} states, depth {}", grouped(states), depth));
      };
      Explorer<S> explorer(k, options);
      const ExploreResult<S> r = explorer.run();
      out = {scope,      r.states, r.edges, r.depth, r.seconds, r.bytes_per_state,
             r.complete, r.bad,    "",      "",      r.seen};
      if (!r.way_out.empty()) out.way_out = failing_trace(k, scope, plain_steps<S>(r.way_out), 0);
      if (r.bad != 0)
        out.trace = save_failure(o, k, scope, plain_steps<S>(r.counterexample), r.bad);
      if (witnesses != nullptr) write_witnesses<S>(explorer, k, scope, r.seen, *witnesses);
    }
  });
  return out;
}

std::vector<std::string> verdicts_never_reached(const VerdictsSeen& seen) {
  std::vector<std::string> never;
  const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using Own = std::variant_alternative_t<I, Step<Concrete<Scope{}>>>;
    for (const Verdict v : Own::verdicts)
      if ((seen[I] >> static_cast<unsigned>(v) & 1) == 0 && waiver_of(Own::name, v) == nullptr)
        never.push_back(fmt::format("{} -> {}", Own::name, name_of(v)));
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::make_index_sequence<kSteps>{});
  return never;
}

namespace {

struct Options : RunOptions {
  std::uint64_t max_states = 400'000'000;
  std::string witnesses;
  bool verdicts = false;
};

CheckResult outcome_of(const ExploreSummary& r) {
  CheckResult outcome{"explore " + r.scope, CheckResult::Kind::pass, "", r.seconds};
  if (r.bad != 0) {
    outcome.kind = CheckResult::Kind::fail;
    outcome.detail = "violated: " + joined(names_of_properties(r.bad));
  } else if (!r.complete) {
    outcome.kind = CheckResult::Kind::undecided;
    outcome.detail =
        r.way_out.empty() ? "stopped at " + grouped(r.states) + " states" : kLeavesRanges;
  }
  return outcome;
}

int run(const Options& o) {
  o.validate();
  const Profile k = o.kernel();
  Witnesses witnesses(o.witnesses);
  const ExploreSummary r =
      explore_scope(o, k, o.scope, o.max_states, o.witnesses.empty() ? nullptr : &witnesses);
  const double rate = static_cast<double>(r.states) / r.seconds;
  const auto never = verdicts_never_reached(r.seen);
  if (o.json) {
    const Json line{{"engine", "explore"},
                    {"scope", o.scope},
                    {"profile", k.name},
                    {"states", r.states},
                    {"edges", r.edges},
                    {"depth", r.depth},
                    {"complete", r.complete},
                    {"seconds", r.seconds},
                    {"states_per_second", rate},
                    {"bytes_per_state", r.bytes_per_state},
                    {"violated", names_of_properties(r.bad)},
                    {"trace", r.trace},
                    {"witnesses_rewritten", witnesses.rewritten()},
                    {"way_out", r.way_out},
                    {"verdicts_not_reached_here", never},
                    {"defects_left_out", o.defects_left_out()}};
    fmt::print("{}\n", line.dump());
  } else if (!o.ktap) {
    fmt::print(
        "explore {}, profile {}: {} states, {} edges, depth {}, {:.1f} s, {} states/s, "
        "{:.1f} bytes/state{}\n",
        o.scope, k.name, grouped(r.states), grouped(r.edges), r.depth, r.seconds,
        grouped(static_cast<std::uint64_t>(rate)), r.bytes_per_state,
        r.complete ? "" : ", not complete");
    o.print_left_out();
    if (o.verdicts)
      for (const auto& n : never) fmt::print("not reached at this scope: {}\n", n);
    if (r.bad != 0) print_failure(o, r.bad, r.trace);
    if (r.bad == 0) print_way_out(r.way_out);
    if (r.bad == 0 && r.complete) fmt::print("holds in every reachable state\n");
    for (const auto& line : witnesses.rewritten()) fmt::print("{}\n", line);
    if (!o.witnesses.empty()) fmt::print("{}\n", witnesses.summary());
  }
  const std::vector<CheckResult> outcomes{outcome_of(r)};
  print_outcomes(o, "hmmcheck explore", outcomes);
  return exit_code_of(outcomes);
}

}  // namespace

void add_explore(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("explore", "Every reachable state of a scope, breadth first");
  o->add_to(*verb);
  verb->add_option("--max-states", o->max_states, "give up (exit 3) beyond so many")
      ->check(kCount)
      ->capture_default_str();
  verb->add_option("--witnesses", o->witnesses,
                   "write a shortest trace for each verdict below this folder, where it differs");
  verb->add_flag("--verdicts", o->verdicts, "list the verdicts not reached at this scope");
  verb->callback([o, &exit_code] { exit_code = run(*o); });
}

}  // namespace hmm
