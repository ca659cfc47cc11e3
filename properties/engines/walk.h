#pragma once
#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "properties/engines/check_all.h"
#include "properties/engines/enumerate.h"

namespace hmm {

// splitmix64: small, fast, and the same everywhere, so that a seed names a walk.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // 0 .. count - 1; count is not 0.
  unsigned below(unsigned count) { return static_cast<unsigned>((next() >> 32) * count >> 32); }

 private:
  std::uint64_t state_;
};

// Several small numbers out of one random word.
class Digits {
 public:
  explicit Digits(std::uint64_t word) : word_(word) {}
  unsigned below(unsigned count) {
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(word_) * count;
    word_ = static_cast<std::uint64_t>(product);
    return static_cast<unsigned>(product >> 64);
  }

 private:
  std::uint64_t word_;
};

struct WalkOptions {
  std::uint64_t seed = 1;
  std::uint64_t steps = 10'000'000;  // that take effect, over all threads
  double seconds = 1e9;
  unsigned episode = 250;  // steps from one start to the next
  unsigned threads = 2;
  PropertySet properties = kAllProperties;
  std::function<void(std::uint64_t steps, double seconds)> progress;
};

template <Scope S>
struct WalkResult {
  std::uint64_t steps = 0;     // that took effect, each followed by all properties
  std::uint64_t attempts = 0;  // steps tried
  double seconds = 0;
  PropertySet bad = 0;
  std::vector<Step<Concrete<S>>> counterexample;
  std::array<std::array<std::uint64_t, kVerdicts>, kSteps> hits{};
};

// One thread's walk: steps drawn at random from the initial state, over and over.
template <Scope S>
class Walker {
  using D = Concrete<S>;

 public:
  Walker(const Profile& k, const WalkOptions& options, std::uint64_t seed)
      : k_(k), options_(options), random_(seed) {
    path_.reserve(options.episode);
  }

  // Walks on for so many steps; false once something is violated.
  bool run(std::uint64_t steps) {
    for (const std::uint64_t until = result.steps + steps; result.steps < until;) {
      // Some states have no way on: every process has exited, or all that is left is a device.
      if (path_.size() >= options_.episode || idle_ > kPatience) restart();
      ++result.attempts;
      ++idle_;
      Likely& likely = likely_[signature()];
      const bool guess = likely.count != 0 && random_.below(8) != 0;
      const std::size_t kind =
          guess ? likely.kinds[random_.below(likely.count)] : random_.below(kSteps);
      if ((swarm_ >> kind & 1) == 0) continue;
      if ((rare_ >> kind & 1) != 0 && random_.below(32) != 0) continue;
      if (!kTable[kind](*this, kind)) continue;
      if (!guess) likely.add(kind);
      idle_ = 0;
      ++result.steps;
      if (!any_alive()) idle_ = kPatience + 1;
      result.bad = violated(k_, state_, options_.properties);
      if (result.bad != 0) {
        result.counterexample = path_;
        return false;
      }
    }
    return true;
  }

  WalkResult<S> result;

 private:
  static constexpr unsigned kPatience = 400;

  // Which steps took effect before with the same things in flight. Seven draws of eight are from
  // these, the eighth from all, so that every step stays possible and few draws are wasted.
  struct Likely {
    std::array<std::uint8_t, kSteps> kinds{};
    std::uint8_t count = 0;
    void add(std::size_t kind) {
      const auto end = kinds.begin() + count;
      if (std::find(kinds.begin(), end, kind) == end)
        kinds[count++] = static_cast<std::uint8_t>(kind);
    }
  };
  static constexpr std::size_t kSignatures = 4096;

  std::size_t signature() const {
    std::size_t h = 0;
    const auto mix = [&](unsigned v) { h = (h ^ v) * 0x9e3779b97f4a7c15u; };
    for (const auto& inv : state_.invalidation.slot) mix(inv.op.v);
    for (const auto& m : state_.migration.slot) mix(m.stage.v);
    for (const auto& e : state_.migrate_entry.slot) mix(e.stage.v);
    for (const auto& f : state_.device_fault.slot) mix(f.stage.v);
    for (const auto& f : state_.cpu_fault.slot) mix(f.stage.v);
    return h >> 52;
  }

  bool any_alive() const {
    bool any = false;
    for (const auto& mm : state_.mm.slot) any = any || mm.alive;
    return any;
  }

  void restart() {
    idle_ = 0;
    state_ = initial_state<D>();
    path_.clear();
    // A swarm: each episode does without some steps and takes others rarely, so that what ends
    // things, such as a device that fails, ends them early, late or not at all.
    swarm_ = random_.next() | random_.next();
    rare_ = random_.next() & random_.next();
  }

  template <std::size_t I>
  static bool attempt(Walker& w, std::size_t kind) {
    using Own = std::variant_alternative_t<I, Step<D>>;
    Own step{};
    bool exists = true;
    Digits digits(w.random_.next());
    for_each_leaf(
        [&](auto& leaf, Kind k) {
          const Range range = range_of(k, S);
          exists = exists && range.count != 0;
          set(leaf, range.first + (range.count > 1 ? digits.below(range.count) : 0));
        },
        step);
    if (!exists) return false;
    const auto v = step.check(w.k_, w.state_);
    ++w.result.hits[kind][v.v];
    if (!takes_effect(static_cast<Verdict>(v.v))) return false;
    step.apply(w.k_, w.state_, v);
    w.path_.push_back(step);
    return true;
  }
  static void set(bool& leaf, unsigned v) { leaf = v != 0; }
  static void set(Small& leaf, unsigned v) { leaf = v; }

  using Attempt = bool (*)(Walker&, std::size_t);
  static constexpr auto kTable = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Attempt, kSteps>{&attempt<I>...};
  }
  (std::make_index_sequence<kSteps>{});

  const Profile& k_;
  const WalkOptions& options_;
  Random random_;
  State<D> state_ = initial_state<D>();
  std::vector<Step<D>> path_;
  std::vector<Likely> likely_ = std::vector<Likely>(kSignatures);
  static_assert(kSteps <= 64);
  std::uint64_t swarm_ = ~std::uint64_t{0};  // one bit per step of this episode
  std::uint64_t rare_ = 0;
  unsigned idle_ = 0;  // attempts since a step last took effect
};

// Threads walk their own seeds in rounds of equal length, so that what is found does not depend on
// which was faster; the lowest thread's violation is reported.
template <Scope S>
WalkResult<S> walk(const Profile& k, const WalkOptions& options) {
  constexpr std::uint64_t kRound = 200'000;
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::vector<Walker<S>> walkers;
  for (unsigned t = 0; t < options.threads; ++t)
    walkers.emplace_back(k, options, Random(options.seed + t).next());

  std::uint64_t steps = 0;
  bool clean = true;
  while (clean && steps < options.steps && seconds() < options.seconds) {
    const std::uint64_t left = options.steps - steps;
    const std::uint64_t share = std::min(kRound, (left + options.threads - 1) / options.threads);
    std::vector<char> fine(walkers.size(), 1);
    {
      std::vector<std::jthread> threads;
      for (std::size_t t = 0; t < walkers.size(); ++t)
        threads.emplace_back([&, t] { fine[t] = walkers[t].run(share) ? 1 : 0; });
    }
    steps += share * options.threads;
    for (const char f : fine) clean = clean && f != 0;
    if (options.progress) options.progress(steps, seconds());
  }

  WalkResult<S> total;
  for (const auto& w : walkers) {
    total.steps += w.result.steps;
    total.attempts += w.result.attempts;
    for (std::size_t i = 0; i < kSteps; ++i)
      for (std::size_t v = 0; v < kVerdicts; ++v) total.hits[i][v] += w.result.hits[i][v];
    if (total.bad == 0 && w.result.bad != 0) {
      total.bad = w.result.bad;
      total.counterexample = w.result.counterexample;
    }
  }
  total.seconds = seconds();
  return total;
}

}  // namespace hmm
