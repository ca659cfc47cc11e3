// Where walks go: to what was not taken yet, the same for the same seed, and how much that is.
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/step_infos.h"
#include "properties/engines/coverage.h"
#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"
#include "properties/engines/random.h"
#include "properties/engines/walk_memory.h"
#include "tests/goldens/goldens.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

Profile sound() { return without_breaking_defects(load_profile("6.12")); }

}  // namespace

TEST_CASE("a walk comes by nearly all of a small scope") {
  ExploreOptions exploring;
  const auto all = explore("tiny", sound(), exploring);
  WalkOptions options;
  options.steps = 12'000'000;
  options.totals = {all.states, all.edges_of};
  const auto walked = walk("tiny", sound(), options);
  CHECK(walked.bad == 0);
  CHECK(walked.steps == options.steps);
  double edges = 0;
  for (std::size_t i = 0; i < all.edges_of.size(); ++i) {
    edges += walked.reached.edges[i];
    // An estimate, and one of few is not exact.
    CHECK(walked.reached.edges[i] < 1.02 * static_cast<double>(all.edges_of[i]) + 1);
  }
  CHECK(edges > 0.95 * static_cast<double>(all.edges));
  CHECK(walked.reached.states > 0.95 * static_cast<double>(all.states));
  CHECK(walked.seen == all.seen);
  CHECK(count_verdicts(walked.seen) == goldens::golden("explore tiny", "verdicts"));
}

TEST_CASE("a walk is the same for the same seed, however many take part") {
  for (const unsigned threads : {1u, 3u}) {
    WalkOptions options;
    options.threads = threads;
    options.steps = 50'000;
    const auto a = walk("pair", sound(), options), b = walk("pair", sound(), options);
    CHECK(a.given == b.given);
    CHECK(a.seen == b.seen);
    options.seed = 2;
    CHECK(walk("pair", sound(), options).given != a.given);
  }
}

TEST_CASE("what a walk came by can be walked again") {
  WalkOptions options;
  options.steps = 300'000;
  options.witnesses = true;
  const auto walked = walk("large", sound(), options);
  CHECK(walked.witnesses.size() == count_verdicts(walked.seen));
  const auto machine = machine_at("large");
  for (const auto& one : walked.witnesses) {
    machine->restart(nullptr);
    Verdict last{};
    for (const auto& step : one.steps) last = machine->take(sound(), step);
    CHECK(last == one.verdict);
  }
}

TEST_CASE("a swarm has most steps, what is rare few, by two draws however many there are") {
  constexpr std::size_t kMany = 130;
  unsigned in_most = 0, in_few = 0;
  Random random(1), draws(1);
  for (unsigned i = 0; i < 1'000; ++i) {
    const auto most = StepSet<kMany>::most(random), few = StepSet<kMany>::few(random);
    for (std::size_t kind = 0; kind < kMany; ++kind) {
      in_most += most.has(kind) ? 1 : 0;
      in_few += few.has(kind) ? 1 : 0;
    }
    for (unsigned draw = 0; draw < 4; ++draw) draws.next();
  }
  CHECK(in_most == Approx(0.75 * 1'000 * kMany).epsilon(0.02));
  CHECK(in_few == Approx(0.25 * 1'000 * kMany).epsilon(0.02));
  CHECK(random.next() == draws.next());
}

TEST_CASE("different things are counted, and the same once") {
  Random random(1);
  for (const std::uint64_t n : {1'000u, 300'000u, 6'000'000u}) {
    DistinctCount count(n);
    for (std::uint64_t i = 0; i < 2 * n; ++i) count.note(Random::mixed(i % n));
    CHECK(count.estimate() == Approx(static_cast<double>(n)).epsilon(0.01));
  }
  CHECK(DistinctCount().estimate() == 0);
}

TEST_CASE("paths that begin alike are kept once, and forgotten when nobody holds them") {
  PathTree<int> paths;
  const auto a = paths.longer(paths.longer(paths.kEmpty, 1), 2);
  const auto b = paths.longer(paths.hold(a), 3);
  CHECK(paths.ids(b) == std::vector<int>{1, 2, 3});
  CHECK(paths.length(b) == 3);
  paths.let_go(b);
  CHECK(paths.ids(a) == std::vector<int>{1, 2});
  const auto c = paths.longer(paths.hold(a), 4);
  CHECK(c == b);  // its place was free
  CHECK(paths.ids(c) == std::vector<int>{1, 2, 4});
}

}  // namespace hmm
