#include <catch2/catch.hpp>

#include "properties/engines/explore_instances.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

template <Scope S>
ExploreResult<S> explored(unsigned threads) {
  static const Profile k = without_breaking_defects(load_profile("6.12"));
  ExploreOptions options;
  options.threads = threads;
  return Explorer<S>(k, options).run();
}

}  // namespace

// How many states a scope has is a golden (tests/goldens/explore.txt).
TEST_CASE("a state takes few bytes") { CHECK(explored<kFork>(2).bytes_per_state <= 64); }

TEST_CASE("how many threads explore changes nothing") {
  const auto one = explored<kTiny>(1), three = explored<kTiny>(3);
  CHECK(one.states == three.states);
  CHECK(one.edges == three.edges);
  CHECK(one.depth == three.depth);
  CHECK(one.seen == three.seen);
}

TEST_CASE("a limit on states is not a pass") {
  const Profile k = load_profile("6.12");
  ExploreOptions options;
  options.max_states = 1'000;
  CHECK_FALSE(Explorer<kTiny>(k, options).run().complete);
}

TEST_CASE("a full share is not a pass") {
  const Profile k = load_profile("6.12");
  ExploreOptions options;
  options.max_share = 1'000;
  const auto r = Explorer<kTiny>(k, options).run();
  CHECK_FALSE(r.complete);
  CHECK(r.states <= 2'000);
}

TEST_CASE("a step says only the verdicts it lists") {
  const auto r = explored<kFork>(2);
  const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using Own = std::variant_alternative_t<I, Step<Concrete<kFork>>>;
    for (std::size_t v = 0; v < kVerdicts; ++v) {
      const bool listed = std::find(Own::verdicts.begin(), Own::verdicts.end(),
                                    static_cast<Verdict>(v)) != Own::verdicts.end();
      CAPTURE(Own::name, kVerdictNames[v]);
      CHECK(((r.seen[I] >> v & 1) == 0 || listed));
    }
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::make_index_sequence<kSteps>{});
}

TEST_CASE("a packed state is the state") {
  const Profile k = load_profile("6.12");
  Explorer<kTiny> explorer(k, {});
  explorer.run();
  std::size_t wrong = 0;
  explorer.for_each_state([&](const auto& s) {
    using P = Packing<kTiny>;
    const auto again = P::unpack(P::pack(s));
    wrong += std::memcmp(&again, &s, sizeof s) != 0 ? 1 : 0;
  });
  CHECK(wrong == 0);
}

}  // namespace hmm
