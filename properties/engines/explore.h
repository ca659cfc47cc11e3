#pragma once
#include <algorithm>
#include <barrier>
#include <cassert>
#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <vector>

#include "model/plain.h"
#include "properties/engines/engines.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/lane_states.h"
#include "properties/engines/overrides.h"
#include "properties/engines/state_table.h"
#include "properties/engines/step_kernels.h"

namespace hmm {

// The steps of a text at a scope, for an engine that was compiled with another.
template <Scope S>
struct StepsOfText : OtherSteps {
  virtual LaneNum check(const Profile& k, const LaneStates<S>& states,
                        const Step<Concrete<S>>& step) const = 0;
  virtual Verdict take(const Profile& k, State<Concrete<S>>& s,
                       const Step<Concrete<S>>& step) const = 0;
};
// Of the text that is compiled here.
template <Scope S>
struct OwnSteps final : StepsOfText<S> {
  LaneNum check(const Profile& k, const LaneStates<S>& states,
                const Step<Concrete<S>>& step) const override {
    return std::visit([&](const auto& one) { return states.check(k, one); }, step);
  }
  Verdict take(const Profile& k, State<Concrete<S>>& s,
               const Step<Concrete<S>>& step) const override {
    return hmm::take<Concrete<S>>(k, s, step);
  }
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
      : k_(k),
        options_(options),
        start_(start),
        kernels_(k),
        other_(options.other.value_or(k)),
        shards_(options.threads) {
    assert(options.threads > 0);
    for (std::size_t kind = 0; options.other && kind < kSteps; ++kind)
      is_compared_[kind] = options.other_steps != nullptr || kernels_.may_differ(other_, kind);
    for (auto& shard : shards_) shard.outbox.resize(options.threads);
  }

  ExploreResult run();

  // A shortest run whose last step gives the verdict; empty if none does.
  std::vector<Step<D>> witness(std::size_t kind, Verdict verdict) const;

  // Every state seen has a number below total(). What follows needs number_states() before.
  void number_states();
  std::uint64_t total() const {
    std::uint64_t n = 0;
    for (const auto& shard : shards_) n += shard.states.size();
    return n;
  }
  const Packed& state(std::uint64_t number) const { return at(ref_of(number)); }
  // total() if it was not seen.
  std::uint64_t number_of(const Packed& packed) const {
    const std::uint64_t hash = hash_words(packed);
    const unsigned owner = owner_of(hash);
    const auto& states = shards_[owner].states;
    const std::size_t index = states.index_of(packed, static_cast<std::uint32_t>(hash));
    return index == states.size() ? total() : first_number_[owner] + index;
  }
  // The number of the state from which it was first reached; total() of the first.
  std::uint64_t parent_of(std::uint64_t number) const {
    const Ref from = parent(ref_of(number));
    return from == kRoot ? total() : number_of_ref(from);
  }
  // A shortest run to it.
  std::vector<Step<D>> run_to(std::uint64_t number) const { return path_to(ref_of(number)); }

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
  // Steps that go another way in the other kernel: of which kind, and the verdicts of both.
  using Differs = std::tuple<std::size_t, Verdict, Verdict>;
  struct FirstOfSome {
    First first;
    std::uint64_t edges = 0;
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
  // What was violated first, by a state of the share or by a step out of the scope.
  struct Noted {
    PropertySet bad = 0;
    std::size_t index = 0;  // in its shard
    std::optional<WayOut> out;
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
    std::array<std::uint64_t, kSteps> edges{};  // by step
    VerdictsSeen seen = VerdictsSeen(kSteps);
    ClaimCounts given{};
    // What is asked of states: once a strengthening is broken, promises only.
    PropertySet wanted = 0;
    Bad bad, weak;  // the first state that ends the search; and that breaks strengthenings only
    // The first way out, the first to a state that ends the search, and as `weak`.
    std::optional<WayOut> out, bad_out, weak_out;
    std::vector<Noted> noted;  // where the search goes on from whatever is violated
    // By override: whether it has changed a verdict or an effect.
    std::vector<char> decided;
    std::map<Differs, FirstOfSome> differences;
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
    if (options_.every_violation && found.bad != 0) return note_violated(me, {found.bad, 0, found});
    auto& first = ends_search(found.bad) ? me.bad_out : found.bad != 0 ? me.weak_out : me.out;
    if (!first) first = found;
    if (!me.out) me.out = found;
  }
  void note_violated(Shard& me, const Noted& found) const {
    me.noted.push_back(found);
    me.wanted &= ~found.bad;
  }
  void note_decided(Shard& me, const LaneStates<S>& wide, const auto& step, const LaneNum& verdict,
                    LaneSet used) const;
  void note_decided(Shard& me, const State<D>& from, const auto& step, const State<D>& to) const;
  void note_differing(Shard& me, const LaneStates<S>& wide, const auto& step, std::size_t kind,
                      const LaneNum& verdict, LaneSet used, Ref first) const;
  // Whether the step leads the other kernel with the same verdict to another state.
  bool leads_elsewhere(const State<D>& from, const auto& step, std::size_t kind, Verdict verdict,
                       const State<D>& to) const;
  void note_difference(Shard& me, const Differs& what, const First& first) const {
    auto& found = me.differences.try_emplace(what, FirstOfSome{first, 0}).first->second;
    ++found.edges;
  }
  static const StepsOfText<S>& text_of(const OtherSteps& steps) {
    return static_cast<const StepsOfText<S>&>(steps);
  }
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
  Ref parent(Ref ref) const { return shards_[ref % shards_.size()].parents[ref / shards_.size()]; }
  std::uint64_t number_of_ref(Ref ref) const {
    return first_number_[ref % shards_.size()] + ref / shards_.size();
  }
  Ref ref_of(std::uint64_t number) const {
    const auto shard = static_cast<std::size_t>(
        std::upper_bound(first_number_.begin(), first_number_.end(), number) -
        first_number_.begin() - 1);
    return static_cast<Ref>((number - first_number_[shard]) * shards_.size() + shard);
  }
  bool fits() const {
    const bool is_beyond = any_share([](const Shard& x) { return !x.noted.empty(); });
    return total() <= options_.max_states && (!is_beyond || total() <= options_.max_beyond) &&
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
  void gather_violations(ExploreResult& result) const;
  void gather_differences(ExploreResult& result) const;
  void tell_first_difference();
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
  StepKernels kernels_, other_;  // who is explored, and whose steps are compared
  std::array<bool, kSteps> is_compared_{};
  // Every state of a share has a number in its table, and a Ref.
  std::uint64_t max_share_ = std::min<std::uint64_t>(
      {options_.max_share, StateTable<Packed>::kMax, kRoot / options_.threads});
  std::vector<Shard> shards_;
  std::vector<std::uint64_t> first_number_;  // of a share's states
  unsigned depth_ = 0;
  bool running_ = true, complete_ = false;
  bool is_told_ = false;  // of the first difference
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
    const Profile& k = kernels_.of(kind);
    const LaneNum verdict = wide.check(k, step);
    note_verdicts(me, step, kind, verdict, used, ref(0));
    if (!options_.overrides.empty()) note_decided(me, wide, step, verdict, used);
    if (is_compared_[kind]) note_differing(me, wide, step, kind, verdict, used, ref(0));
    const LaneNum rejects(static_cast<unsigned>(kFirstRejection));
    for (LaneSet left = lanes_of(verdict < rejects) & used; left != 0; left &= left - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(left));
      ++me.edges[kind];
      State<D> t = states[lane];
      apply_step<D>(k, t, step, Small(unsigned{verdict.v[lane]}));
      if (!options_.overrides.empty()) note_decided(me, states[lane], step, t);
      if (const auto same = static_cast<Verdict>(verdict.v[lane]);
          is_compared_[kind] && leads_elsewhere(states[lane], step, kind, same, t))
        note_difference(me, {kind, same, same}, {ref(lane), step});
      Packed packed;
      if (!P::pack_if_fits(t, packed)) {
        const PropertySet asked = options_.every_violation ? me.wanted : options_.properties;
        note_way_out(me, {ref(lane), step, violated(k_, t, asked)});
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
  for_each_new_verdict(me.seen[kind], step, verdict, lanes, [&](unsigned v, LaneSet where) {
    me.seen[kind] |= std::uint64_t{1} << v;
    const auto lane = static_cast<Ref>(std::countr_zero(where));
    me.firsts[kind * kVerdicts + v] = First{first + lane * static_cast<Ref>(shards_.size()), step};
  });
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

template <Scope S>
void Explorer<S>::number_states() {
  first_number_.clear();
  std::uint64_t next = 0;
  for (const auto& shard : shards_) {
    first_number_.push_back(next);
    next += shard.states.size();
  }
}

}  // namespace hmm
