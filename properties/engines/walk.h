#pragma once
#include <algorithm>
#include <cassert>
#include <chrono>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "model/plain.h"
#include "properties/engines/check_all.h"
#include "properties/engines/engines.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/overrides.h"
#include "properties/engines/pack.h"

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
  unsigned below(unsigned count) {
    assert(count != 0);
    return static_cast<unsigned>((next() >> 32) * count >> 32);
  }

 private:
  std::uint64_t state_;
};

// One thread's walk: steps drawn at random from those that take effect, from the initial state over
// and over.
template <Scope S>
class Walker {
  using D = Concrete<S>;
  using P = Packing<S>;

 public:
  Walker(const Profile& k, const WalkOptions& options, std::uint64_t seed)
      : k_(k), options_(options), wanted_(options.properties), random_(seed) {
    path_.reserve(options.episode);
    decided_.resize(options.overrides.size());
    look_up();
  }

  // Walks on for so many steps; false once a promise is violated, or anything where none is asked
  // for.
  bool run(std::uint64_t steps) {
    for (const std::uint64_t until = result.steps + steps; result.steps < until;) {
      const std::optional<Id> id = draw();
      // Some states have no way on: every process has exited, or this episode does without it.
      if (!id || path_.size() >= options_.episode || !any_alive()) {
        restart();
        continue;
      }
      kTable[kind_of(*id)](*this, *id);
      path_.push_back(*id);
      ++result.steps;
      look_up();
      if (bad_ != 0 && !goes_on()) return false;
      if (is_out_ && result.way_out.empty()) result.way_out = plain_steps<S>(steps_of(path_));
    }
    return true;
  }

  const State<D>& state() const { return state_; }

  WalkResult result;
  // By override: whether it has changed a verdict or an effect.
  const std::vector<char>& decided() const { return decided_; }
  // Adds what it has counted.
  void add_given(GivenCounts& to) const {
    to.resize(kClaims);
    for (std::size_t c = 0; c < kClaims; ++c) to[c] += given_[c];
  }

 private:
  using Id = std::uint16_t;  // an instance of a step: its place in for_each_step()'s order

  // What was found out about a state: the steps that take effect; and no property is violated, as
  // nothing is walked from a state where one is. A walk comes by the same states again and again,
  // so most are looked up and not tried.
  struct Known {
    typename P::Packed state;
    unsigned count = 0;  // of enabled; 0 is nothing known
    std::array<Id, 44> enabled;
  };
  static constexpr std::size_t kKnown = 1 << 15;
  // Of the first so many scans all, and then of so many one.
  static constexpr std::uint64_t kAllCounted = 30'000, kCounted = 32;

  // Notes what the state violates. A broken strengthening may be on the way to a broken promise.
  bool goes_on() {
    const bool weak = (bad_ & promises()) == 0 && (wanted_ & promises()) != 0;
    const Violation found{bad_, plain_steps<S>(steps_of(path_))};
    if (weak) {
      result.weak = found;
      wanted_ &= promises();
      bad_ = 0;
    } else {
      result.bad = found.bad;
      result.counterexample = found.steps;
    }
    return weak;
  }

  // Sets known_ for the state, and bad_ to what it violates.
  void look_up() {
    typename P::Packed packed;
    is_out_ = !P::pack_if_fits(state_, packed);
    if (is_out_) {
      bad_ = violated(k_, state_, wanted_);
      known_ = {};
      return;
    }
    Known& slot = memory_[hash_words(packed) % kKnown];
    known_ = {slot.enabled.data(), slot.count};
    if (slot.count != 0 && equal_words(slot.state, packed)) return;
    ++result.scans;
    bad_ = violated(k_, state_, wanted_);
    // A sample, as judging takes twice as long with it.
    if (result.scans <= kAllCounted || result.scans % kCounted == 0)
      count_given(k_, state_, options_.properties, given_);
    // What takes longest of a walk, and is as fast as it can be where no rule is dropped.
    if (k_.drops.empty())
      scan(std::bit_cast<State<WholeConcrete<S>>>(state_));
    else
      scan(state_);
    note_decided_verdicts();
    known_ = found_;
    if (found_.size() > slot.enabled.size()) return;
    slot.state = packed;
    slot.count = static_cast<unsigned>(found_.size());
    std::copy(found_.begin(), found_.end(), slot.enabled.begin());
  }

  // Sets found_: the steps that take effect.
  template <class Domain>
  void scan(const State<Domain>& s) {
    found_.clear();
    Id id = 0;
    for_each_step<Domain>([&](const auto& step, std::size_t) {
      if (takes_effect(verdict_of<Domain>(k_, s, step))) found_.push_back(id);
      ++id;
    });
  }

  // One of the known steps that this episode has.
  std::optional<Id> draw() {
    // Enough that the last draw, which rarity does not stop, is seldom the one that decides.
    constexpr unsigned kDraws = 24;
    for (unsigned i = 0; i < kDraws && !known_.empty(); ++i) {
      const Id id = known_[random_.below(static_cast<unsigned>(known_.size()))];
      const std::size_t kind = kind_of(id);
      if ((swarm_ >> kind & 1) == 0) continue;
      if ((rare_ >> kind & 1) == 0 || i + 1 == kDraws || random_.below(32) == 0) return id;
    }
    return std::nullopt;
  }

  bool any_alive() const {
    bool any = false;
    for (const auto& mm : state_.mm.slot) any = any || mm.alive;
    return any;
  }

  void restart() {
    state_ = initial_state<D>();
    path_.clear();
    look_up();
    // A swarm: each episode does without some steps and takes others rarely, so that what ends
    // things, such as a device that fails, ends them early, late or not at all.
    swarm_ = random_.next() | random_.next();
    rare_ = random_.next() & random_.next();
  }

  // Instances of the steps before the I-th.
  static constexpr auto kFirstId = [] {
    std::array<std::size_t, kSteps + 1> first{};
    for_each_step_kind([&](auto i) { first[i + 1] = first[i] + instances<D, StepOfKind<i, D>>(); });
    return first;
  }();
  static_assert(kFirstId[kSteps] <= 1 << 16);
  static constexpr auto kKindOf = [] {
    std::array<std::uint8_t, kFirstId[kSteps]> kind{};
    for (std::size_t i = 0; i < kSteps; ++i)
      for (std::size_t id = kFirstId[i]; id < kFirstId[i + 1]; ++id)
        kind[id] = static_cast<std::uint8_t>(i);
    return kind;
  }();
  static std::size_t kind_of(Id id) {
    assert(id < kFirstId[kSteps]);
    return kKindOf[id];
  }

  template <std::size_t I>
  static void take_one(Walker& w, Id id) {
    const auto step = instance<D, StepOfKind<I, D>>(id - kFirstId[I]);
    if (w.options_.overrides.empty()) {
      take<D>(w.k_, w.state_, step);
    } else {
      const State<D> from = w.state_;
      take<D>(w.k_, w.state_, step);
      for (std::size_t i = 0; i < w.decided_.size(); ++i)
        if (!w.decided_[i])
          w.decided_[i] = is_decided(w.options_.overrides[i].without, from, step, w.state_);
    }
  }
  void note_decided_verdicts() {
    for (std::size_t i = 0; i < decided_.size(); ++i)
      if (!decided_[i])
        for_each_step<D>([&](const auto& step, std::size_t) {
          decided_[i] =
              decided_[i] || verdict_of<D>(k_, state_, step) !=
                                 verdict_of<D>(options_.overrides[i].without, state_, step);
        });
  }
  using Take = void (*)(Walker&, Id);
  static constexpr auto kTable = [] {
    std::array<Take, kSteps> table{};
    for_each_step_kind([&](auto i) { table[i] = &take_one<i>; });
    return table;
  }();

  static std::vector<Step<D>> steps_of(const std::vector<Id>& path) {
    std::vector<Step<D>> steps;
    for (const Id wanted : path) {
      Id id = 0;
      for_each_step<D>([&](const auto& step, std::size_t) {
        if (id++ == wanted) steps.push_back(step);
      });
    }
    return steps;
  }

  const Profile& k_;
  const WalkOptions& options_;
  PropertySet wanted_;   // once a strengthening is broken, promises only
  PropertySet bad_ = 0;  // of what is wanted, what the state violates
  std::vector<char> decided_;
  Random random_;
  State<D> state_ = initial_state<D>();
  std::vector<Id> path_;
  ClaimCounts given_{};
  std::vector<Known> memory_ = std::vector<Known>(kKnown);
  std::vector<Id> found_;
  std::span<const Id> known_;  // in memory_ or found_
  bool is_out_ = false;        // the state does not fit the scope
  static_assert(kSteps <= 64);
  std::uint64_t swarm_ = ~std::uint64_t{0};  // one bit per step of this episode
  std::uint64_t rare_ = 0;
};

// What states_along_walk() of the door does.
template <Scope S>
std::vector<Leaves> states_along_walk(const Profile& k, std::size_t count) {
  const WalkOptions options;
  Walker<S> walker(k, options, 1);
  std::vector<Leaves> states;
  while (states.size() < count && walker.run(1)) states.push_back(leaves_of<S>(walker.state()));
  return states;
}

// Threads walk their own seeds in rounds of equal length, so that what is found does not depend on
// which was faster; the lowest thread's violation is reported.
template <Scope S>
WalkResult walk(const Profile& k, const WalkOptions& options) {
  assert(options.threads > 0);
  constexpr std::uint64_t kRound = 200'000, kSlice = 2'000;
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::vector<Walker<S>> walkers;
  for (unsigned t = 0; t < options.threads; ++t)
    walkers.emplace_back(k, options, Random(options.seed + t).next());

  // Looked at more often than rounds end: at large scopes one takes more than a second.
  const auto is_over = [&] {
    return options.stop.stop_requested() || seconds() >= options.seconds;
  };

  std::uint64_t steps = 0;
  bool clean = true;
  while (clean && steps < options.steps && !is_over()) {
    const std::uint64_t left = options.steps - steps;
    const std::uint64_t share =
        std::min(kRound, left / options.threads + (left % options.threads == 0 ? 0 : 1));
    std::vector<char> fine(walkers.size(), 1);
    {
      std::vector<std::jthread> threads;
      for (std::size_t t = 0; t < walkers.size(); ++t)
        threads.emplace_back([&, t] {
          for (std::uint64_t done = 0; done < share && fine[t] != 0 && !is_over(); done += kSlice)
            fine[t] = walkers[t].run(std::min(kSlice, share - done)) ? 1 : 0;
        });
    }
    steps += share * options.threads;
    for (const char f : fine) clean = clean && f != 0;
    if (options.progress) options.progress(steps, seconds());
  }

  WalkResult total;
  for (const auto& w : walkers) {
    total.steps += w.result.steps;
    total.scans += w.result.scans;
    w.add_given(total.given);
    if (total.bad == 0 && w.result.bad != 0) {
      total.bad = w.result.bad;
      total.counterexample = w.result.counterexample;
    }
    if (total.weak.bad == 0) total.weak = w.result.weak;
    if (total.way_out.empty()) total.way_out = w.result.way_out;
  }
  if (total.bad == 0 && total.weak.bad != 0) {
    total.bad = total.weak.bad;
    total.counterexample = std::exchange(total.weak, {}).steps;
  }
  for (std::size_t i = 0; i < options.overrides.size(); ++i)
    if (std::none_of(walkers.begin(), walkers.end(),
                     [&](const auto& w) { return w.decided()[i] != 0; }))
      total.undecided.push_back(options.overrides[i].name);
  total.seconds = seconds();
  return total;
}

}  // namespace hmm
