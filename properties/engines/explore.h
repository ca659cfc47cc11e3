#pragma once
#include <algorithm>
#include <barrier>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "properties/engines/check_all.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/pack.h"

namespace hmm {

using VerdictHits = std::array<std::array<std::uint64_t, kVerdicts>, kSteps>;

struct ExploreOptions {
  PropertySet properties = kAllProperties;
  std::uint64_t max_states = 400'000'000;  // more is "could not decide"
  unsigned max_depth = ~0u;
  unsigned threads = 2;
  // Called between rounds with the states so far and the depth.
  std::function<void(std::uint64_t, unsigned)> progress;
};

template <Scope S>
struct ExploreResult {
  std::uint64_t states = 0;
  std::uint64_t edges = 0;  // (state, step) pairs that take effect
  unsigned depth = 0;       // of the last new state
  double seconds = 0;
  double bytes_per_state = 0;
  bool complete = false;                          // every reachable state was seen
  PropertySet bad = 0;                            // what the first violating state violates
  std::vector<Step<Concrete<S>>> counterexample;  // a shortest one
  VerdictHits hits{};
};

// Every reachable state of a scope, breadth first, so a counterexample is a shortest one. States
// are dealt out to the threads by hash; each owns its share of the table, so counts and results do
// not depend on scheduling.
template <Scope S>
class Explorer {
  using D = Concrete<S>;
  using P = Packing<S>;
  using Packed = typename P::Packed;

 public:
  Explorer(const Profile& k, const ExploreOptions& options,
           const State<D>& start = initial_state<D>())
      : k_(k), options_(options), start_(start), shards_(options.threads) {
    for (auto& shard : shards_) shard.outbox.resize(options.threads);
  }

  ExploreResult<S> run();

  // A shortest run whose last step gives the verdict; empty if none does.
  std::vector<Step<D>> witness(std::size_t kind, Verdict verdict) const;

  // Calls visit(state) for every state seen.
  template <class Visit>
  void for_each_state(Visit&& visit) const {
    for (const auto& shard : shards_)
      for (const auto& packed : shard.states) visit(P::unpack(packed));
  }

 private:
  using Ref = std::uint32_t;  // index in its shard * threads + shard
  static constexpr Ref kRoot = ~Ref{0};
  struct Found {
    Packed packed;
    std::uint64_t hash;
    Ref parent;
  };
  struct First {
    Ref state;
    Step<D> step;
  };
  struct Shard {
    std::vector<std::optional<First>> firsts =
        std::vector<std::optional<First>>(kSteps * kVerdicts);
    std::vector<Packed> states;
    std::vector<Ref> parents;
    std::vector<std::uint32_t> table = std::vector<std::uint32_t>(1 << 12);  // index + 1
    std::vector<std::vector<Found>> outbox;                                  // by receiving shard
    std::size_t next = 0, level_end = 0;
    std::uint64_t edges = 0;
    VerdictHits hits{};
    std::size_t first_bad = ~std::size_t{0};
    PropertySet bad = 0;
  };

  void expand(unsigned self, std::size_t limit);
  void insert_all(unsigned self);
  void insert(unsigned self, const Found& found);
  void grow(Shard& shard);
  std::vector<Step<D>> path_to(Ref ref) const;
  const Packed& at(Ref ref) const {
    return shards_[ref % shards_.size()].states[ref / shards_.size()];
  }

  const Profile& k_;
  ExploreOptions options_;
  State<D> start_;
  std::vector<Shard> shards_;
};

template <Scope S>
void Explorer<S>::expand(unsigned self, std::size_t limit) {
  Shard& me = shards_[self];
  const std::size_t threads = shards_.size();
  for (std::size_t done = 0; done < limit && me.next < me.level_end; ++done, ++me.next) {
    const Packed source = me.states[me.next];
    const State<D> s = P::unpack(source);
    const Ref ref = static_cast<Ref>(me.next * threads + self);
    for_each_step<D>([&](const auto& step, std::size_t kind) {
      const auto v = step.check(k_, s);
      if (me.hits[kind][v.v]++ == 0) me.firsts[kind * kVerdicts + v.v] = First{ref, step};
      if (!takes_effect(static_cast<Verdict>(v.v))) return;
      ++me.edges;
      State<D> t = s;
      step.apply(k_, t, v);
      const Packed packed = P::pack(t);
      if (equal_words(packed, source)) return;
      const std::uint64_t hash = hash_words(packed);
      me.outbox[hash % threads].push_back({packed, hash, ref});
    });
  }
}

template <Scope S>
void Explorer<S>::insert_all(unsigned self) {
  constexpr std::size_t kAhead = 8;
  Shard& me = shards_[self];
  for (auto& from : shards_) {
    auto& inbox = from.outbox[self];
    for (std::size_t i = 0; i < inbox.size(); ++i) {
      if (i + kAhead < inbox.size())
        __builtin_prefetch(
            &me.table[inbox[i + kAhead].hash / shards_.size() & (me.table.size() - 1)]);
      insert(self, inbox[i]);
    }
    inbox.clear();
  }
}

template <Scope S>
void Explorer<S>::insert(unsigned self, const Found& found) {
  Shard& me = shards_[self];
  const std::size_t mask = me.table.size() - 1;
  std::size_t slot = found.hash / shards_.size() & mask;
  while (me.table[slot] != 0) {
    if (equal_words(me.states[me.table[slot] - 1], found.packed)) return;
    slot = (slot + 1) & mask;
  }
  me.states.push_back(found.packed);
  me.parents.push_back(found.parent);
  me.table[slot] = static_cast<std::uint32_t>(me.states.size());
  if (me.bad == 0) {
    me.bad = violated(k_, P::unpack(found.packed), options_.properties);
    if (me.bad != 0) me.first_bad = me.states.size() - 1;
  }
  if (me.states.size() * 10 > me.table.size() * 7) grow(me);
}

template <Scope S>
void Explorer<S>::grow(Shard& shard) {
  std::vector<std::uint32_t> table(shard.table.size() * 2);
  const std::size_t mask = table.size() - 1;
  for (std::size_t i = 0; i < shard.states.size(); ++i) {
    std::size_t slot = hash_words(shard.states[i]) / shards_.size() & mask;
    while (table[slot] != 0) slot = (slot + 1) & mask;
    table[slot] = static_cast<std::uint32_t>(i + 1);
  }
  shard.table = std::move(table);
}

template <Scope S>
ExploreResult<S> Explorer<S>::run() {
  const auto start = std::chrono::steady_clock::now();
  const unsigned threads = options_.threads;
  const Packed root = P::pack(start_);
  const std::uint64_t root_hash = hash_words(root);
  insert(static_cast<unsigned>(root_hash % threads), {root, root_hash, kRoot});

  ExploreResult<S> result;
  unsigned depth = 0;
  bool running = true;
  const auto total = [&] {
    std::uint64_t n = 0;
    for (const auto& shard : shards_) n += shard.states.size();
    return n;
  };
  const auto bad = [&] {
    return std::any_of(shards_.begin(), shards_.end(), [](const Shard& x) { return x.bad != 0; });
  };
  // Runs alone between rounds: opens the next level once every thread is through with this one.
  const auto next_round = [&]() noexcept {
    if (options_.progress) options_.progress(total(), depth);
    for (const auto& shard : shards_)
      if (shard.next < shard.level_end) {
        running = total() <= options_.max_states;
        return;
      }
    bool open = false;
    for (auto& shard : shards_) {
      open = open || shard.level_end < shard.states.size();
      shard.level_end = shard.states.size();
    }
    result.complete = !open && !bad();
    running = open && !bad() && total() <= options_.max_states && depth < options_.max_depth;
    depth += running ? 1 : 0;
  };
  std::barrier expanded(static_cast<std::ptrdiff_t>(threads));
  std::barrier inserted(static_cast<std::ptrdiff_t>(threads), next_round);
  const auto work = [&](unsigned self) {
    constexpr std::size_t kBatch = 16'384;
    inserted.arrive_and_wait();
    while (running) {
      expand(self, kBatch);
      expanded.arrive_and_wait();
      insert_all(self);
      inserted.arrive_and_wait();
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, t);
    work(0);
  }

  std::size_t bytes = 0;
  for (unsigned t = 0; t < threads; ++t) {
    const Shard& shard = shards_[t];
    result.states += shard.states.size();
    result.edges += shard.edges;
    for (std::size_t i = 0; i < kSteps; ++i)
      for (std::size_t v = 0; v < kVerdicts; ++v) result.hits[i][v] += shard.hits[i][v];
    bytes += shard.states.size() * (sizeof(Packed) + sizeof(Ref)) +
             shard.table.size() * sizeof(std::uint32_t);
    if (shard.bad != 0 && result.bad == 0) {
      result.bad = shard.bad;
      result.counterexample = path_to(static_cast<Ref>(shard.first_bad * threads + t));
    }
  }
  // A level that found nothing new does not count.
  result.depth = result.complete && depth > 0 ? depth - 1 : depth;
  result.bytes_per_state = static_cast<double>(bytes) / static_cast<double>(result.states);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

template <Scope S>
std::vector<Step<Concrete<S>>> Explorer<S>::witness(std::size_t kind, Verdict verdict) const {
  std::vector<Step<D>> best;
  for (const auto& shard : shards_) {
    const auto& first = shard.firsts[kind * kVerdicts + static_cast<std::size_t>(verdict)];
    if (!first) continue;
    auto path = path_to(first->state);
    path.push_back(first->step);
    if (best.empty() || path.size() < best.size()) best = std::move(path);
  }
  return best;
}

template <Scope S>
std::vector<Step<Concrete<S>>> Explorer<S>::path_to(Ref ref) const {
  std::vector<Step<D>> path;
  for (Ref parent; ref != kRoot; ref = parent) {
    parent = shards_[ref % shards_.size()].parents[ref / shards_.size()];
    if (parent == kRoot) break;
    const State<D> s = P::unpack(at(parent));
    bool found = false;
    for_each_step<D>([&](const auto& step, std::size_t) {
      if (found) return;
      State<D> t = s;
      if (!takes_effect(take<D>(k_, t, step)) || P::pack(t) != at(ref)) return;
      path.push_back(step);
      found = true;
    });
  }
  return {path.rbegin(), path.rend()};
}

}  // namespace hmm
