// How fast the engines are, all properties on. One thread, so that a figure is per core.
#include <benchmark/benchmark.h>

#include "properties/engines/explore_instances.h"
#include "properties/engines/walk_instances.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

template <Scope S>
void explore(benchmark::State& state) {
  const Profile k = load_profile("6.12");
  ExploreOptions options;
  options.threads = 1;
  options.max_states = 3'000'000;
  std::uint64_t states = 0, edges = 0;
  double bytes = 0;
  for (auto _ : state) {
    const auto r = Explorer<S>(k, options).run();
    states += r.states;
    edges += r.edges;
    bytes = r.bytes_per_state;
  }
  state.counters["states/s"] =
      benchmark::Counter(static_cast<double>(states), benchmark::Counter::kIsRate);
  state.counters["edges/s"] =
      benchmark::Counter(static_cast<double>(edges), benchmark::Counter::kIsRate);
  state.counters["bytes/state"] = bytes;
}

template <Scope S>
void walk_steps(benchmark::State& state) {
  const Profile k = load_profile("6.12");
  WalkOptions options;
  options.threads = 1;
  options.steps = 1'000'000;
  std::uint64_t steps = 0, scans = 0;
  for (auto _ : state) {
    const auto r = walk<S>(k, options);
    steps += r.steps;
    scans += r.scans;
    ++options.seed;
  }
  state.counters["steps/s"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
  state.counters["scans/step"] = static_cast<double>(scans) / static_cast<double>(steps);
}

BENCHMARK(explore<kTiny>)->Unit(benchmark::kMillisecond);
BENCHMARK(explore<kDefault>)->Unit(benchmark::kMillisecond);
BENCHMARK(walk_steps<kDefault>)->Unit(benchmark::kMillisecond);
BENCHMARK(walk_steps<kLarge>)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hmm
