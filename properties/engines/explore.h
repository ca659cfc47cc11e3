#pragma once
#include <algorithm>
#include <barrier>
#include <cassert>
#include <chrono>
#include <cstring>
#include <exception>
#include <optional>
#include <thread>
#include <vector>

#include "model/plain.h"
#include "properties/engines/engines.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/lane_states.h"
#include "properties/engines/state_table.h"

namespace hmm {

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
    assert(options.threads > 0);
    for (auto& shard : shards_) shard.outbox.resize(options.threads);
  }

  ExploreResult run();

  // A shortest run whose last step gives the verdict; empty if none does.
  std::vector<Step<D>> witness(std::size_t kind, Verdict verdict) const;

  // Calls visit(state) for every state seen.
  template <class Visit>
  void for_each_state(Visit&& visit) const {
    for (const auto& shard : shards_)
      shard.states.for_each([&](const Packed& packed) { visit(P::unpack(packed)); });
  }

 private:
  using Ref = std::uint32_t;  // index in its shard * threads + shard
  static constexpr Ref kRoot = ~Ref{0};
  static constexpr std::size_t kBatch = 32'768;  // states that a thread expands in a round
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
  // A step to a state that does not fit the scope; it is judged, and not walked on from.
  struct WayOut {
    Ref state;
    Step<D> step;
    PropertySet bad;
  };
  // A state that violates something.
  struct Bad {
    std::size_t index = 0;  // in its shard
    PropertySet bad = 0;    // empty is none
  };
  // A cache line of its own, as the other thread has boxes beside it.
  struct alignas(64) Box {
    std::vector<Found> found;
  };
  struct alignas(64) Shard {
    std::vector<std::optional<First>> firsts =
        std::vector<std::optional<First>>(kSteps * kVerdicts);
    StateTable<Packed> states;
    Blocks<Ref> parents;
    std::vector<Box> outbox;  // by receiving shard
    // What this thread sent lately, by hash: many edges lead to where one just before led.
    std::vector<Packed> recent;
    std::size_t next = 0, level_end = 0, judged = 0;
    std::uint64_t edges = 0;
    VerdictsSeen seen = VerdictsSeen(kSteps);
    ClaimCounts given{};
    // What is asked of states: once a strengthening is broken, promises only.
    PropertySet wanted = 0;
    Bad bad, weak;  // the first state that ends the search; and that breaks strengthenings only
    // The first way out, the first to a state that ends the search, and as `weak`.
    std::optional<WayOut> out, bad_out, weak_out;
    // By override: whether it has changed a verdict or an effect.
    std::vector<char> decided;
    bool full = false;
    std::exception_ptr error;  // that ended this thread's work
  };

  void expand(unsigned self, std::size_t limit);
  void expand_group(unsigned self, std::size_t count);
  template <class AnyStep>
  void note_verdicts(Shard& me, const AnyStep& step, std::size_t kind, LaneNum verdict,
                     LaneSet lanes, Ref first);
  // What is violated there ends the search: a promise, or anything where none is asked for.
  bool ends_search(PropertySet bad) const {
    return (bad & promises()) != 0 || (bad != 0 && (options_.properties & promises()) == 0);
  }
  void note_way_out(Shard& me, const WayOut& found) const {
    auto& first = ends_search(found.bad) ? me.bad_out : found.bad != 0 ? me.weak_out : me.out;
    if (!first) first = found;
    if (!me.out) me.out = found;
  }
  void note_decided(Shard& me, const LaneStates<S>& wide, const auto& step, const LaneNum& verdict,
                    LaneSet used) const;
  void note_decided(Shard& me, const State<D>& from, const auto& step, const Small& verdict,
                    const State<D>& to) const;
  void insert_all(unsigned self);
  // Once the share is full its new states are lost, and the search is not complete.
  void insert(Shard& shard, const Found& found) const {
    shard.full = shard.full || shard.states.size() >= max_share_;
    if (!shard.full && shard.states.insert(found.packed, found.hash))
      shard.parents.push_back(found.parent);
  }
  void judge(unsigned self);
  void note_bad(Shard& me, const Packed& packed, std::size_t index) const;
  // `count` states of the shard's, from `first` on; at most kLanes.
  static std::array<Packed, kLanes> group(const Shard& shard, std::size_t first,
                                          std::size_t count) {
    std::array<Packed, kLanes> states;
    for (std::size_t i = 0; i < count; ++i) states[i] = shard.states[first + i];
    return states;
  }
  std::vector<Step<D>> path_to(Ref ref) const;
  template <class Is>
  bool any_share(const Is& is) const {
    return std::any_of(shards_.begin(), shards_.end(), is);
  }
  std::uint64_t total() const {
    std::uint64_t n = 0;
    for (const auto& shard : shards_) n += shard.states.size();
    return n;
  }
  bool fits() const {
    return total() <= options_.max_states &&
           !any_share([](const Shard& x) { return x.full || x.error != nullptr; });
  }
  bool may_go_on() const { return fits() && !options_.stop.stop_requested(); }
  bool is_violated() const {
    return any_share([](const Shard& x) { return x.bad.bad != 0 || x.bad_out; });
  }
  void begin();
  void next_round();
  void work(unsigned self, std::barrier<>& expanded, auto& inserted);
  void gather(ExploreResult& result) const;
  void gather_bad(ExploreResult& result) const;
  PlainSteps path_of(unsigned shard, const Bad& bad) const {
    return plain_steps<S>(path_to(static_cast<Ref>(bad.index * shards_.size() + shard)));
  }
  std::vector<Step<D>> path_by(const WayOut& out) const {
    auto path = path_to(out.state);
    path.push_back(out.step);
    return path;
  }
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
  // Every state of a share has a number in its table, and a Ref.
  std::uint64_t max_share_ = std::min<std::uint64_t>(
      {options_.max_share, StateTable<Packed>::kMax, kRoot / options_.threads});
  std::vector<Shard> shards_;
  unsigned depth_ = 0;
  bool running_ = true, complete_ = false;
};

template <Scope S>
void Explorer<S>::expand(unsigned self, std::size_t limit) {
  Shard& me = shards_[self];
  const std::size_t end = std::min(me.level_end, me.next + limit);
  while (me.next < end) {
    const std::size_t count = std::min(kLanes, end - me.next);
    expand_group(self, count);
    me.next += count;
  }
}

template <Scope S>
void Explorer<S>::expand_group(unsigned self, std::size_t count) {
  Shard& me = shards_[self];
  const std::size_t threads = shards_.size();
  const auto sources = group(me, me.next, count);
  std::array<State<D>, kLanes> states;
  for (std::size_t i = 0; i < count; ++i) states[i] = P::unpack(sources[i]);
  const LaneStates<S> wide({sources.data(), count});
  const LaneSet used = first_lanes(count);
  const auto ref = [&](std::size_t lane) {
    return static_cast<Ref>((me.next + lane) * threads + self);
  };
  for_each_step<D>([&](const auto& step, std::size_t kind) {
    const LaneNum verdict = wide.check(k_, step);
    note_verdicts(me, step, kind, verdict, used, ref(0));
    if (!options_.overrides.empty()) note_decided(me, wide, step, verdict, used);
    const LaneNum rejects(static_cast<unsigned>(kFirstRejection));
    for (LaneSet left = lanes_of(verdict < rejects) & used; left != 0; left &= left - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(left));
      ++me.edges;
      State<D> t = states[lane];
      const Small said(unsigned{verdict.v[lane]});
      step.apply(k_, t, said);
      if (!options_.overrides.empty()) note_decided(me, states[lane], step, said, t);
      Packed packed;
      if (!P::pack_if_fits(t, packed)) {
        note_way_out(me, {ref(lane), step, violated(k_, t, options_.properties)});
        continue;
      }
      if (equal_words(packed, sources[lane])) continue;
      const std::uint64_t hash = hash_words(packed);
      Packed& recent = me.recent[hash % kRecent];
      if (equal_words(packed, recent)) continue;
      recent = packed;
      me.outbox[owner_of(hash)].found.push_back(
          {packed, ref(lane), static_cast<std::uint32_t>(hash)});
    }
  });
}

template <Scope S>
template <class AnyStep>
void Explorer<S>::note_verdicts(Shard& me, const AnyStep& step, std::size_t kind, LaneNum verdict,
                                LaneSet lanes, Ref first) {
  const auto note = [&](std::size_t v, LaneSet where) {
    me.seen[kind] |= std::uint64_t{1} << v;
    const auto lane = static_cast<Ref>(std::countr_zero(where));
    me.firsts[kind * kVerdicts + v] = First{first + lane * static_cast<Ref>(shards_.size()), step};
  };
  LaneBool listed = false;
  for (const Verdict v : AnyStep::verdicts) {
    const auto n = static_cast<unsigned>(v);
    const LaneBool here = verdict == LaneNum(n);
    listed = listed || here;
    if ((me.seen[kind] >> n & 1) == 0)
      if (const LaneSet where = lanes_of(here) & lanes; where != 0) note(n, where);
  }
  // A step that says what it does not list is seen as well.
  for (LaneSet left = ~lanes_of(listed) & lanes; left != 0; left &= left - 1)
    note(verdict.v[std::countr_zero(left)], left);
}

template <Scope S>
void Explorer<S>::insert_all(unsigned self) {
  constexpr std::size_t kAhead = 32, kStateAhead = 16;
  Shard& me = shards_[self];
  for (auto& from : shards_) {
    auto& inbox = from.outbox[self].found;
    for (std::size_t i = 0; i < inbox.size(); ++i) {
      if (i + kAhead < inbox.size()) me.states.expect(inbox[i + kAhead].hash);
      if (i + kStateAhead < inbox.size()) me.states.expect_state(inbox[i + kStateAhead].hash);
      insert(me, inbox[i]);
    }
    inbox.clear();
  }
}

// Looks at the states that are new, until one ends the search.
template <Scope S>
void Explorer<S>::judge(unsigned self) {
  Shard& me = shards_[self];
  ClaimCounts counted_before{};
  ClaimCounts* given = &me.given;
  while (me.judged < me.states.size() && me.bad.bad == 0) {
    const std::size_t count = std::min(kLanes, me.states.size() - me.judged);
    const auto states = group(me, me.judged, count);
    const LaneSet used = first_lanes(count);
    const LaneSet fine =
        LaneStates<S>({states.data(), count}).all_hold(k_, me.wanted, used, *given);
    given = &me.given;
    if (const LaneSet bad = ~fine & used; bad != 0) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(bad));
      note_bad(me, states[lane], me.judged + lane);
      // If it goes on, it looks at these again, for promises.
      given = &counted_before;
      continue;
    }
    me.judged += count;
  }
}

template <Scope S>
void Explorer<S>::note_bad(Shard& me, const Packed& packed, std::size_t index) const {
  const Bad found{index, violated(k_, P::unpack(packed), me.wanted)};
  if (found.bad == 0) throw std::logic_error("the domains disagree over a property");
  if (ends_search(found.bad)) {
    me.bad = found;
  } else {
    me.weak = found;
    me.wanted &= promises();
  }
}

template <Scope S>
void Explorer<S>::note_decided(Shard& me, const LaneStates<S>& wide, const auto& step,
                               const LaneNum& verdict, LaneSet used) const {
  for (std::size_t i = 0; i < options_.overrides.size(); ++i)
    if (!me.decided[i] &&
        (lanes_of(wide.check(options_.overrides[i].without, step) != verdict) & used) != 0)
      me.decided[i] = 1;
}
template <Scope S>
void Explorer<S>::note_decided(Shard& me, const State<D>& from, const auto& step,
                               const Small& verdict, const State<D>& to) const {
  for (std::size_t i = 0; i < options_.overrides.size(); ++i) {
    if (me.decided[i]) continue;
    State<D> other = from;
    step.apply(options_.overrides[i].without, other, verdict);
    me.decided[i] = std::memcmp(&other, &to, sizeof to) != 0;
  }
}

template <Scope S>
void Explorer<S>::begin() {
  const Packed root = P::pack(start_);
  const std::uint64_t hash = hash_words(root);
  insert(shards_[owner_of(hash)], {root, kRoot, static_cast<std::uint32_t>(hash)});
  for (auto& shard : shards_) {
    shard.recent.assign(kRecent, root);
    shard.wanted = options_.properties;
    shard.decided.resize(options_.overrides.size());
  }
}

// Runs alone between rounds: opens the next level once every thread is through with this one.
template <Scope S>
void Explorer<S>::next_round() {
  try {
    if (options_.progress) options_.progress(total(), depth_);
  } catch (...) {
    shards_.front().error = std::current_exception();
  }
  for (const auto& shard : shards_)
    if (shard.next < shard.level_end) {
      running_ = may_go_on();
      return;
    }
  bool open = false;
  for (auto& shard : shards_) {
    open = open || shard.level_end < shard.states.size();
    shard.level_end = shard.states.size();
  }
  complete_ = !open && fits() && !is_violated() &&
              !any_share([](const Shard& x) { return x.out.has_value(); });
  running_ = open && !is_violated() && may_go_on() && depth_ < options_.max_depth;
  depth_ += running_ ? 1 : 0;
}

template <Scope S>
void Explorer<S>::work(unsigned self, std::barrier<>& expanded, auto& inserted) {
  // The others wait at the barriers for a thread that has failed.
  const auto try_to = [&](auto&& task) {
    try {
      task();
    } catch (...) {
      shards_[self].error = std::current_exception();
    }
  };
  try_to([&] { judge(self); });
  inserted.arrive_and_wait();
  while (running_) {
    try_to([&] { expand(self, kBatch); });
    expanded.arrive_and_wait();
    try_to([&] {
      insert_all(self);
      judge(self);
    });
    inserted.arrive_and_wait();
  }
}

template <Scope S>
ExploreResult Explorer<S>::run() {
  const auto start = std::chrono::steady_clock::now();
  const unsigned threads = options_.threads;
  begin();
  const auto between = [this]() noexcept { next_round(); };
  std::barrier<> expanded(static_cast<std::ptrdiff_t>(threads));
  std::barrier inserted(static_cast<std::ptrdiff_t>(threads), between);
  {
    std::vector<std::jthread> others;
    try {
      for (unsigned t = 1; t < threads; ++t)
        others.emplace_back([&, t] { work(t, expanded, inserted); });
    } catch (...) {
      // Those that have begun wait for those that could not: the first round is the last.
      shards_.front().error = std::current_exception();
      for (std::size_t t = others.size() + 1; t < threads; ++t) inserted.arrive_and_drop();
    }
    work(0, expanded, inserted);
  }
  for (const auto& shard : shards_)
    if (shard.error != nullptr) std::rethrow_exception(shard.error);
  ExploreResult result;
  gather(result);
  gather_bad(result);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

template <Scope S>
void Explorer<S>::gather(ExploreResult& result) const {
  result.seen.resize(kSteps);
  result.given.resize(kClaims);
  std::size_t bytes = 0;
  for (const auto& shard : shards_) {
    result.states += shard.states.size();
    result.edges += shard.edges;
    for (std::size_t i = 0; i < kSteps; ++i) result.seen[i] |= shard.seen[i];
    for (std::size_t c = 0; c < kClaims; ++c) result.given[c] += shard.given[c];
    bytes += shard.states.bytes() + shard.parents.size() * sizeof(Ref);
  }
  for (std::size_t i = 0; i < options_.overrides.size(); ++i)
    if (!any_share([&](const Shard& x) { return x.decided[i] != 0; }))
      result.undecided.push_back(options_.overrides[i].name);
  result.complete = complete_;
  // A level that found nothing new does not count.
  result.depth = complete_ && depth_ > 0 ? depth_ - 1 : depth_;
  result.bytes_per_state = static_cast<double>(bytes) / static_cast<double>(result.states);
}

template <Scope S>
void Explorer<S>::gather_bad(ExploreResult& result) const {
  const auto note = [](Violation& to, PropertySet bad, const PlainSteps& steps) {
    if (to.bad == 0 || steps.size() < to.steps.size()) to = {bad, steps};
  };
  Violation ends;
  for (unsigned t = 0; t < shards_.size(); ++t) {
    const Shard& shard = shards_[t];
    if (shard.bad.bad != 0) note(ends, shard.bad.bad, path_of(t, shard.bad));
    if (shard.weak.bad != 0) note(result.weak, shard.weak.bad, path_of(t, shard.weak));
    if (shard.bad_out) note(ends, shard.bad_out->bad, plain_steps<S>(path_by(*shard.bad_out)));
    if (shard.weak_out)
      note(result.weak, shard.weak_out->bad, plain_steps<S>(path_by(*shard.weak_out)));
    if (shard.out && result.way_out.empty()) result.way_out = plain_steps<S>(path_by(*shard.out));
  }
  if (ends.bad == 0) std::swap(ends, result.weak);
  result.bad = ends.bad;
  result.counterexample = ends.steps;
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
      Packed packed;
      if (!takes_effect(take<D>(k_, t, Step<D>(step))) || !P::pack_if_fits(t, packed) ||
          packed != at(ref))
        return;
      path.push_back(step);
      found = true;
    });
  }
  return {path.rbegin(), path.rend()};
}

}  // namespace hmm
