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
#include "properties/engines/huge_pages.h"
#include "properties/engines/pack.h"

namespace hmm {

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
  VerdictsSeen seen{};
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
  static constexpr std::size_t kMaxShare = (1 << 28) - 1;  // states of one thread
  static constexpr std::size_t kRecent = 1 << 12;
  struct Found {
    Packed packed;
    Ref parent;
    std::uint32_t hash;  // its low half
  };
  struct First {
    Ref state;
    Step<D> step;
  };
  // A cache line of its own, as the other thread has boxes beside it.
  struct alignas(64) Box {
    std::vector<Found> found;
  };
  // Which state of the share hashes here, and four bits of its hash, so that few looks at a state
  // are for nothing.
  class Slot {
   public:
    Slot() = default;
    Slot(std::size_t index, std::uint32_t hash)
        : word_(tag(hash) << 28 | static_cast<std::uint32_t>(index + 1)) {}
    bool empty() const { return word_ == 0; }
    bool may_be(std::uint32_t hash) const { return !empty() && word_ >> 28 == tag(hash); }
    std::size_t index() const { return (word_ & kMaxShare) - 1; }

   private:
    static std::uint32_t tag(std::uint32_t hash) { return hash >> 28; }
    std::uint32_t word_ = 0;
  };
  using Table = std::vector<Slot, HugePages<Slot>>;
  struct alignas(64) Shard {
    std::vector<std::optional<First>> firsts =
        std::vector<std::optional<First>>(kSteps * kVerdicts);
    std::vector<Packed, HugePages<Packed>> states;
    std::vector<Ref, HugePages<Ref>> parents;
    Table table = Table(1 << 12);
    std::vector<Box> outbox;  // by receiving shard
    // What this thread sent lately, by hash: many edges lead to where one just before led.
    std::vector<Packed> recent;
    std::size_t next = 0, level_end = 0;
    std::uint64_t edges = 0;
    VerdictsSeen seen{};
    std::size_t first_bad = ~std::size_t{0};
    PropertySet bad = 0;

    std::size_t slot_of(std::uint64_t hash) const { return hash & (table.size() - 1); }
  };

  void expand(unsigned self, std::size_t limit);
  void insert_all(unsigned self);
  void insert(unsigned self, const Found& found);
  void grow(Shard& shard);
  std::vector<Step<D>> path_to(Ref ref) const;
  // The high half of a hash says whose a state is, the low half where it is in that share.
  unsigned owner_of(std::uint64_t hash) const {
    return static_cast<unsigned>((hash >> 32) * shards_.size() >> 32);
  }
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
      if (const std::uint64_t bit = std::uint64_t{1} << v.v; (me.seen[kind] & bit) == 0) {
        me.seen[kind] |= bit;
        me.firsts[kind * kVerdicts + v.v] = First{ref, step};
      }
      if (!takes_effect(static_cast<Verdict>(v.v))) return;
      ++me.edges;
      State<D> t = s;
      step.apply(k_, t, v);
      const Packed packed = P::pack(t);
      if (equal_words(packed, source)) return;
      const std::uint64_t hash = hash_words(packed);
      Packed& recent = me.recent[hash % kRecent];
      if (equal_words(packed, recent)) return;
      recent = packed;
      me.outbox[owner_of(hash)].found.push_back({packed, ref, static_cast<std::uint32_t>(hash)});
    });
  }
}

template <Scope S>
void Explorer<S>::insert_all(unsigned self) {
  // A look-up misses the cache twice: in the table, then in the states. Both are asked for ahead.
  constexpr std::size_t kTableAhead = 24, kStateAhead = 12;
  Shard& me = shards_[self];
  for (auto& from : shards_) {
    auto& inbox = from.outbox[self].found;
    for (std::size_t i = 0; i < inbox.size(); ++i) {
      if (i + kTableAhead < inbox.size())
        __builtin_prefetch(&me.table[me.slot_of(inbox[i + kTableAhead].hash)]);
      if (i + kStateAhead < inbox.size()) {
        const std::uint32_t hash = inbox[i + kStateAhead].hash;
        if (const Slot slot = me.table[me.slot_of(hash)]; slot.may_be(hash))
          __builtin_prefetch(&me.states[slot.index()]);
      }
      insert(self, inbox[i]);
    }
    inbox.clear();
  }
}

template <Scope S>
void Explorer<S>::insert(unsigned self, const Found& found) {
  Shard& me = shards_[self];
  const std::uint32_t hash = found.hash;
  std::size_t at = me.slot_of(hash);
  for (; !me.table[at].empty(); at = me.slot_of(at + 1)) {
    const Slot slot = me.table[at];
    if (slot.may_be(hash) && equal_words(me.states[slot.index()], found.packed)) return;
  }
  me.table[at] = Slot(me.states.size(), hash);
  me.states.push_back(found.packed);
  me.parents.push_back(found.parent);
  if (me.bad == 0) {
    me.bad = violated(k_, P::unpack(found.packed), options_.properties);
    if (me.bad != 0) me.first_bad = me.states.size() - 1;
  }
  if (me.states.size() * 4 > me.table.size() * 3) grow(me);
}

template <Scope S>
void Explorer<S>::grow(Shard& shard) {
  shard.table = Table(shard.table.size() * 2);
  constexpr std::size_t kAhead = 16;
  for (std::size_t i = 0; i < shard.states.size(); ++i) {
    if (i + kAhead < shard.states.size())
      __builtin_prefetch(&shard.table[shard.slot_of(hash_words(shard.states[i + kAhead]))]);
    const auto hash = static_cast<std::uint32_t>(hash_words(shard.states[i]));
    std::size_t at = shard.slot_of(hash);
    while (!shard.table[at].empty()) at = shard.slot_of(at + 1);
    shard.table[at] = Slot(i, hash);
  }
}

template <Scope S>
ExploreResult<S> Explorer<S>::run() {
  const auto start = std::chrono::steady_clock::now();
  const unsigned threads = options_.threads;
  const Packed root = P::pack(start_);
  const std::uint64_t root_hash = hash_words(root);
  insert(owner_of(root_hash), {root, kRoot, static_cast<std::uint32_t>(root_hash)});
  for (auto& shard : shards_) shard.recent.assign(kRecent, root);

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
    constexpr std::size_t kBatch = 32'768;
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
    for (std::size_t i = 0; i < kSteps; ++i) result.seen[i] |= shard.seen[i];
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
