#include <bit>
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/plain.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/engines/engines.h"
#include "properties/engines/explored.h"
#include "properties/engines/judged_machine.h"
#include "properties/engines/pack.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

ExploreResult explored(const std::string& scope, unsigned threads) {
  static const Profile k = without_breaking_defects(load_profile("6.12"));
  ExploreOptions options;
  options.threads = threads;
  return explore(scope, k, options);
}

}  // namespace

// How many states a scope has is a golden (tests/goldens/explore.txt).
TEST_CASE("a state takes few bytes") { CHECK(explored("fork", 2).bytes_per_state <= 64); }

TEST_CASE("how many threads explore changes nothing") {
  const auto one = explored("tiny", 1), three = explored("tiny", 3);
  CHECK(one.states == three.states);
  CHECK(one.edges == three.edges);
  CHECK(one.depth == three.depth);
  CHECK(one.seen == three.seen);
}

TEST_CASE("a limit on states is not a pass") {
  const Profile k = load_profile("6.12");
  ExploreOptions options;
  options.max_states = 1'000;
  CHECK_FALSE(explore("tiny", k, options).complete);
}

TEST_CASE("a full share is not a pass") {
  const Profile k = load_profile("6.12");
  ExploreOptions options;
  options.max_share = 1'000;
  const auto r = explore("tiny", k, options);
  CHECK_FALSE(r.complete);
  CHECK(r.states <= 2'000);
}

TEST_CASE("a step says only the verdicts it lists") {
  const auto r = explored("fork", 2);
  for (std::size_t kind = 0; kind < step_infos().size(); ++kind) {
    const StepInfo& step = step_infos()[kind];
    for (std::size_t v = 0; v < kVerdicts; ++v) {
      const bool listed = std::find(step.verdicts.begin(), step.verdicts.end(),
                                    static_cast<Verdict>(v)) != step.verdicts.end();
      CAPTURE(step.name, name_of(static_cast<Verdict>(v)));
      CHECK(((r.seen[kind] >> v & 1) == 0 || listed));
    }
  }
}

TEST_CASE("each verdict that is seen has a shortest run to it") {
  ExploreOptions options;
  options.witnesses = true;
  const Profile k = load_profile("6.12");
  const auto r = explore("tiny", k, options);
  CHECK(r.witnesses.size() == count_verdicts(r.seen));
  const auto machine = machine_at("tiny");
  for (const auto& w : r.witnesses) {
    machine->restart();
    REQUIRE_FALSE(w.steps.empty());
    Verdict last{};
    for (const auto& step : w.steps) last = machine->take(k, step);
    CHECK(w.steps.back().kind == w.kind);
    CHECK(last == w.verdict);
  }
}

TEST_CASE("who watches the search may end it") {
  ExploreOptions options;
  options.progress = [](std::uint64_t states, unsigned) {
    if (states > 1'000) throw std::runtime_error("enough");
  };
  CHECK_THROWS_WITH(explore("tiny", load_profile("6.12"), options), "enough");
}

TEST_CASE("an engine that is not built for a scope says so") {
  const Profile k = load_profile("6.12");
  CHECK_THROWS_AS(explore("large", k), std::invalid_argument);
  CHECK_THROWS_AS(prove("pages", k), std::invalid_argument);
  CHECK_THROWS_AS(prove_bounded("huge", k), std::invalid_argument);
  CHECK(machine_at("huge") == nullptr);
}

TEST_CASE("a packed state is the state") {
  const Profile k = load_profile("6.12");
  std::size_t wrong = 0;
  ExploreOptions options;
  options.each_state = [&](const Leaves& leaves) {
    using P = Packing<kTiny>;
    const auto s = state_of<kTiny>(leaves);
    const auto again = P::unpack(P::pack(s));
    wrong += std::memcmp(&again, &s, sizeof s) != 0 ? 1 : 0;
  };
  explore("tiny", k, options);
  CHECK(wrong == 0);
}

TEST_CASE("a search that goes on from what is violated gives each promise its shortest run") {
  Profile k = without_breaking_defects(load_profile("6.12"));
  k.commit_checks_seq = false;
  ExploreOptions options;
  options.properties = promises();
  options.every_violation = true;
  const ExploreResult all = explore("tiny", k, options);
  CHECK(all.complete);
  CHECK(all.bad == 0);
  PropertySet violated = 0;
  for (const Violation& one : all.violations) {
    CAPTURE(names_of_properties(one.bad).front());
    CHECK(std::has_single_bit(one.bad));
    CHECK((violated & one.bad) == 0);
    violated |= one.bad;
    ExploreOptions alone;
    alone.properties = one.bad;
    const ExploreResult r = explore("tiny", k, alone);
    CHECK(r.bad == one.bad);
    CHECK(r.counterexample.size() == one.steps.size());
    const auto machine = machine_at("tiny");
    CHECK(first_violation(*machine, k, one.steps, one.bad) == one.bad);
  }
  CHECK(std::popcount(violated) > 3);
  ExploreOptions rest;
  rest.properties = promises() & ~violated;
  CHECK(explore("tiny", k, rest).bad == 0);

  options.max_beyond = 10'000;
  const ExploreResult some = explore("tiny", k, options);
  CHECK_FALSE(some.complete);
  CHECK(some.states < all.states);
  CHECK_FALSE(some.violations.empty());
  options.max_beyond = ~0ull;
  options.max_states = 10'000;
  CHECK_FALSE(explore("tiny", k, options).complete);
  options.max_states = ExploreOptions{}.max_states;
  options.max_beyond = 10'000;
  // Who keeps every promise is searched to the end.
  k.commit_checks_seq = true;
  CHECK(explore("tiny", k, options).complete);
}

}  // namespace hmm
