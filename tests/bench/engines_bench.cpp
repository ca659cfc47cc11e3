// How fast the engines are, all properties on. One thread, so that a figure is per core.
#include <benchmark/benchmark.h>

#include "properties/engines/engines.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

void explore_states(benchmark::State& state, const char* scope) {
  const Profile k = load_profile("6.12");
  ExploreOptions options;
  options.threads = 1;
  options.max_states = 3'000'000;
  std::uint64_t states = 0, edges = 0;
  double bytes = 0;
  for (auto _ : state) {
    const auto r = explore(scope, k, options);
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

void walk_steps(benchmark::State& state, const char* scope) {
  const Profile k = load_profile("6.12");
  WalkOptions options;
  options.threads = 1;
  options.steps = 1'000'000;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    const auto r = walk(scope, k, options);
    steps += r.steps;
    ++options.seed;
  }
  state.counters["steps/s"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(explore_states, tiny, "tiny")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(explore_states, default, "default")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(walk_steps, default, "default")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(walk_steps, large, "large")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hmm
