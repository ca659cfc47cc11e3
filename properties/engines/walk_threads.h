#pragma once
#include <algorithm>
#include <cassert>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "properties/engines/walk.h"

// What the threads of a walk do together, and what comes of it.
namespace hmm {

// What states_along_walk() of the door does.
template <Scope S>
std::vector<Leaves> states_along_walk(const Profile& k, std::size_t count) {
  const WalkOptions options;
  Walker<S> walker(k, options, 1);
  std::vector<Leaves> states;
  while (states.size() < count && walker.run(kLanes))
    for (std::size_t lane = 0; lane < kLanes && states.size() < count; ++lane)
      states.push_back(leaves_of<S>(walker.state(lane)));
  return states;
}

// Threads walk their own seeds in rounds of equal length, so that what is found does not depend on
// which was faster; the lowest thread's violation is reported.
template <Scope S>
class Walks {
 public:
  Walks(const Profile& k, const WalkOptions& options) : options_(options) {
    assert(options.threads > 0);
    walkers_.reserve(options.threads);
    for (unsigned t = 0; t < options.threads; ++t)
      walkers_.emplace_back(k, options, Random(options.seed + t).next());
  }

  WalkResult run() {
    std::uint64_t steps = 0;
    for (bool clean = true; clean && steps < options_.steps && !is_over();) {
      const std::uint64_t left = options_.steps - steps;
      const std::uint64_t share =
          std::min(kRound, left / options_.threads + (left % options_.threads == 0 ? 0 : 1));
      clean = run_round(share);
      steps += share * options_.threads;
      if (options_.progress) options_.progress(steps, seconds());
    }
    WalkResult total = sum();
    total.seconds = seconds();
    return total;
  }

 private:
  static constexpr std::uint64_t kRound = 200'000, kSlice = 2'000;

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  // Looked at more often than rounds end: at large scopes one takes more than a second.
  bool is_over() const { return options_.stop.stop_requested() || seconds() >= options_.seconds; }

  // So many steps of each thread. False if one has found something.
  bool run_round(std::uint64_t share) {
    std::vector<char> fine(walkers_.size(), 1);
    {
      std::vector<std::jthread> threads;
      for (std::size_t t = 0; t < walkers_.size(); ++t)
        threads.emplace_back([&, t] {
          for (std::uint64_t done = 0; done < share && fine[t] != 0 && !is_over(); done += kSlice)
            fine[t] = walkers_[t].run(std::min(kSlice, share - done)) ? 1 : 0;
        });
    }
    return std::all_of(fine.begin(), fine.end(), [](char f) { return f != 0; });
  }

  WalkResult sum() const {
    WalkResult total;
    total.seen.resize(kSteps);
    Coverage coverage(options_.totals);
    for (const auto& w : walkers_) {
      add(w.result, total);
      w.add_given(total.given);
      coverage.add(w.coverage());
    }
    if (total.bad == 0 && total.weak.bad != 0) {
      total.bad = total.weak.bad;
      total.counterexample = std::exchange(total.weak, {}).steps;
    }
    for (std::size_t i = 0; i < options_.overrides.size(); ++i)
      if (std::none_of(walkers_.begin(), walkers_.end(),
                       [&](const auto& w) { return w.decided()[i] != 0; }))
        total.undecided.push_back(options_.overrides[i].name);
    total.reached = coverage.reached();
    return total;
  }

  static void add(const WalkResult& one, WalkResult& total) {
    total.steps += one.steps;
    for (const auto& witness : one.witnesses)
      if ((total.seen[witness.kind] >> static_cast<unsigned>(witness.verdict) & 1) == 0)
        total.witnesses.push_back(witness);
    for (std::size_t i = 0; i < kSteps; ++i) total.seen[i] |= one.seen[i];
    if (total.bad == 0 && one.bad != 0) {
      total.bad = one.bad;
      total.counterexample = one.counterexample;
    }
    if (total.weak.bad == 0) total.weak = one.weak;
    if (total.way_out.empty()) total.way_out = one.way_out;
  }

  const WalkOptions& options_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<Walker<S>> walkers_;
};

template <Scope S>
WalkResult walk(const Profile& k, const WalkOptions& options) {
  return Walks<S>(k, options).run();
}

}  // namespace hmm
