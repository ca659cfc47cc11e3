#pragma once
#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "model/plain.h"
#include "properties/engines/coverage.h"
#include "properties/engines/engines.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/lane_states.h"
#include "properties/engines/overrides.h"
#include "properties/engines/walk_memory.h"

namespace hmm {

// One thread's walks, kLanes of them side by side: steps drawn at random from those that take
// effect, and rather what was not taken yet, from the initial state and from where something was
// left to take.
template <Scope S>
class Walker {
  using D = Concrete<S>;
  using P = Packing<S>;
  using Packed = typename P::Packed;

 public:
  Walker(const Profile& k, const WalkOptions& options, std::uint64_t seed)
      : k_(k),
        options_(options),
        wanted_(options.properties),
        random_(seed),
        been_to_(std::min(options.steps, kMostRemembered)),
        coverage_(options.totals) {
    decided_.resize(options.overrides.size());
    result.seen.resize(kSteps);
    for (std::size_t lane = 0; lane < kLanes; ++lane) start_anew(lane);
    is_fine_ = look();
  }

  // Walks on for so many steps; false once a promise is violated, or anything where none is asked
  // for.
  bool run(std::uint64_t steps) {
    until_ = result.steps + steps;
    while (may_go_on()) {
      for (std::size_t lane = 0; may_go_on() && lane < kLanes; ++lane) move(lane);
      for (unsigned round = 0; round < kUnseen && may_go_on(); ++round) {
        is_fine_ = judge(LaneStates<S>(states_));
        for (std::size_t lane = 0; may_go_on() && lane < kLanes; ++lane) move_unseen(lane);
      }
      is_fine_ = is_fine_ && look();
    }
    return is_fine_;
  }

  State<D> state(std::size_t lane) const { return P::unpack(states_[lane]); }

  WalkResult result;
  // By override: whether it has changed a verdict or an effect.
  const std::vector<char>& decided() const { return decided_; }
  const Coverage& coverage() const { return coverage_; }
  // Adds what it has counted.
  void add_given(GivenCounts& to) const {
    to.resize(kClaims);
    for (std::size_t c = 0; c < kClaims; ++c) to[c] += given_[c];
  }

 private:
  using Id = std::uint16_t;  // an instance of a step: its place in for_each_step()'s order
  using Paths = PathTree<Id>;
  static constexpr std::uint64_t kMostRemembered = 1 << 23;
  // So many steps in a row that were all taken before, and the walk begins anew where something is
  // left, or where nothing is known to be left from the start.
  static constexpr unsigned kStale = 1, kStaleFromStart = 32;

  // Where there is more than one can ever see, it takes longest to find out what can happen: of so
  // many steps to each that was found so, only what could happen just before is tried.
  static constexpr unsigned kUnseen = step_instances<D>() > 200 ? 5 : 0;

  struct Enabled {
    Id id;
    std::uint8_t kind, verdict;
  };
  struct Walk {
    typename Paths::Ref path = Paths::kEmpty;
    std::uint64_t hash = 0;  // of its state
    unsigned stale = 0;
    StepSet<kSteps> swarm{}, rare{};
    std::vector<Enabled> enabled;
  };

  bool may_go_on() const { return is_fine_ && result.steps < until_; }

  // Judges where the walks are, and finds out what can happen there.
  bool look() {
    const LaneStates<S> wide(states_);
    for (const auto& walk : walks_) been_to_.expect(walk.hash);
    if (!judge(wide)) return false;
    for (auto& walk : walks_) walk.enabled.clear();
    Id id = 0;
    for_each_step<D>([&](const auto& step, std::size_t kind) {
      const LaneNum verdict = wide.check(k_, step);
      for_each_new_verdict(result.seen[kind], step, verdict, first_lanes(kLanes),
                           [&](unsigned v, LaneSet where) {
                             result.seen[kind] |= std::uint64_t{1} << v;
                             note_witness(kind, static_cast<Verdict>(v), where, step);
                           });
      LaneSet left = lanes_of(verdict < LaneNum(static_cast<unsigned>(kFirstRejection)));
      for (; left != 0; left &= left - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(left));
        walks_[lane].enabled.push_back({id, static_cast<std::uint8_t>(kind), verdict.v[lane]});
      }
      for (std::size_t i = 0; i < decided_.size(); ++i)
        if (!decided_[i])
          decided_[i] = lanes_of(wide.check(options_.overrides[i].without, step) != verdict) != 0;
      ++id;
    });
    return true;
  }

  void note_witness(std::size_t kind, Verdict verdict, LaneSet where, const Step<D>& step) {
    if (!options_.witnesses) return;
    const auto lane = static_cast<std::size_t>(std::countr_zero(where));
    auto steps = steps_of(paths_.ids(walks_[lane].path));
    steps.push_back(step);
    result.witnesses.push_back({kind, verdict, plain_steps<S>(steps)});
  }

  bool judge(const LaneStates<S>& wide) {
    ClaimCounts counted_before{};
    for (ClaimCounts* given = &given_;; given = &counted_before) {
      const LaneSet bad = ~wide.all_hold(k_, wanted_, first_lanes(kLanes), *given);
      if (bad == 0) return true;
      const auto lane = static_cast<std::size_t>(std::countr_zero(bad));
      const PropertySet found = violated(k_, state(lane), wanted_);
      if (found == 0) throw std::logic_error("the domains disagree over a property");
      if (!goes_on(lane, found)) return false;
    }
  }

  // Notes what a walk has come to. A broken strengthening may be on the way to a broken promise.
  bool goes_on(std::size_t lane, PropertySet bad) {
    const bool weak = (bad & promises()) == 0 && (wanted_ & promises()) != 0;
    const Violation found{bad, plain_steps<S>(steps_of(paths_.ids(walks_[lane].path)))};
    if (weak) {
      result.weak = found;
      wanted_ &= promises();
    } else {
      result.bad = found.bad;
      result.counterexample = found.steps;
    }
    return weak;
  }

  void move(std::size_t lane) {
    Walk& walk = walks_[lane];
    // Some states have no way on, and to some nothing is left that is new.
    if (walk.enabled.empty() || paths_.length(walk.path) >= options_.episode ||
        walk.stale >= (kept_.is_empty() ? kStaleFromStart : kStale)) {
      start_anew(lane);
      return;
    }
    const State<D> here = state(lane);
    const Enabled next = drawn(walk, states_[lane], here);
    take(lane, here, next);
  }

  // One of the steps that could be taken a while ago, if it still can.
  void move_unseen(std::size_t lane) {
    const Walk& walk = walks_[lane];
    if (walk.enabled.empty() || paths_.length(walk.path) >= options_.episode) return;
    const State<D> here = state(lane);
    for (int tries = 0; tries < 4; ++tries) {
      Enabled next = walk.enabled[random_.below(static_cast<unsigned>(walk.enabled.size()))];
      if (!walk.swarm.has(next.kind)) continue;
      const Verdict verdict = kCheck[next.kind](k_, here, next.id);
      if (!takes_effect(verdict)) continue;
      next.verdict = static_cast<std::uint8_t>(verdict);
      take(lane, here, next);
      return;
    }
  }

  void count(const Walk& walk, const Enabled& next) {
    ++result.steps;
    ++counts_[next.kind];
    ++class_counts_[next.kind * kVerdicts + next.verdict];
    coverage_.note_edge(next.kind, Random::mixed(walk.hash + next.id));
  }

  void take(std::size_t lane, State<D> s, const Enabled& next) {
    Walk& walk = walks_[lane];
    count(walk, next);
    walk.path = paths_.longer(walk.path, next.id);
    kApply[next.kind](*this, s, next);
    if (!P::pack_if_fits(s, states_[lane])) {
      leave_ranges(lane, s);
      return;
    }
    arrive(lane);
  }

  // The steps that lead where the walk has been, so that nobody need go there to judge what they
  // come to.
  void take_known(Walk& walk, const State<D>& from, typename BeenTo::State& here, std::size_t but) {
    known_.clear();
    for (const std::size_t i : untaken_) {
      if (i == but) continue;
      State<D> s = from;
      kApply[walk.enabled[i].kind](*this, s, walk.enabled[i]);
      Packed packed;
      if (!P::pack_if_fits(s, packed)) continue;
      known_.push_back({i, hash_words(packed)});
      been_to_.expect(known_.back().hash);
    }
    for (const auto& [i, hash] : known_) {
      // The one that the walk goes by comes yet.
      if (result.steps + 1 >= until_ || !been_to_.has(hash)) continue;
      here.set_taken(i);
      std::erase(untaken_, i);
      count(walk, walk.enabled[i]);
    }
  }

  void arrive(std::size_t lane) {
    walks_[lane].hash = hash_words(states_[lane]);
    coverage_.note_state(walks_[lane].hash);
  }

  // Walks end there.
  void leave_ranges(std::size_t lane, const State<D>& s) {
    if (result.way_out.empty())
      result.way_out = plain_steps<S>(steps_of(paths_.ids(walks_[lane].path)));
    const PropertySet bad = violated(k_, s, wanted_);
    if (bad != 0) is_fine_ = goes_on(lane, bad);
    start_anew(lane);
  }

  // One of the steps that take effect: one that was not taken here, if there is one; of two, the
  // one that has been taken less often anywhere.
  Enabled drawn(Walk& walk, const Packed& at, const State<D>& from) {
    auto here = been_to_.at(walk.hash);
    const auto& all = walk.enabled;
    const auto in_swarm = [&](const Enabled& e) { return walk.swarm.has(e.kind); };
    untaken_.clear();
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!here.has_taken(i)) untaken_.push_back(i);
    walk.stale = untaken_.empty() ? walk.stale + 1 : 0;
    candidates_.clear();
    const auto add = [&](std::size_t i) {
      if (in_swarm(all[i])) candidates_.push_back(i);
    };
    if (untaken_.empty())
      for (std::size_t i = 0; i < all.size(); ++i) add(i);
    else
      std::for_each(untaken_.begin(), untaken_.end(), add);
    if (candidates_.empty()) candidates_ = untaken_;
    if (candidates_.empty())
      candidates_.push_back(random_.below(static_cast<unsigned>(all.size())));
    const std::size_t chosen = one_of(walk);
    here.set_taken(chosen);
    if (kUnseen == 0) take_known(walk, from, here, chosen);
    if (untaken_.size() > 1 && !here.is_kept() && paths_.length(walk.path) < options_.episode) {
      here.set_kept(true);
      keep_for_later(walk, at, chosen);
    }
    return all[chosen];
  }

  std::uint64_t count_of(const Enabled& e) const {
    return class_counts_[e.kind * kVerdicts + e.verdict];
  }
  std::size_t one_of(const Walk& walk) {
    const auto n = static_cast<unsigned>(candidates_.size());
    std::size_t best = candidates_[0];
    // Enough that the last draw, which rarity does not stop, is seldom the one that decides.
    for (unsigned draws = 8; n > 1 && draws > 0; --draws) {
      const std::size_t a = candidates_[random_.below(n)], b = candidates_[random_.below(n)];
      best = count_of(walk.enabled[a]) < count_of(walk.enabled[b]) ? a : b;
      if (!walk.rare.has(walk.enabled[best].kind) || random_.below(16) == 0) break;
    }
    return best;
  }
  // Under the rarest of what else is left to take there.
  void keep_for_later(const Walk& walk, const Packed& at, std::size_t chosen) {
    const Enabled* rarest = nullptr;
    for (const std::size_t i : untaken_)
      if (i != chosen && (rarest == nullptr || count_of(walk.enabled[i]) < count_of(*rarest)))
        rarest = &walk.enabled[i];
    if (const auto other = kept_.keep(rarest->kind, {at, paths_.hold(walk.path)}, random_))
      paths_.let_go(other->path);
  }

  void start_anew(std::size_t lane) {
    Walk& walk = walks_[lane];
    walk.stale = 0;
    // A swarm: each walk does without some steps and takes others rarely, so that what ends
    // things, such as a device that fails, ends them early, late or not at all.
    walk.swarm = StepSet<kSteps>::most(random_);
    walk.rare = StepSet<kSteps>::few(random_);
    paths_.let_go(walk.path);
    constexpr unsigned kFromStart = 32;  // one in so many
    if (!kept_.is_empty() && random_.below(kFromStart) != 0) {
      const auto kept = kept_.take(
          counts_, random_, [&](auto a, auto b) { return paths_.length(a) < paths_.length(b); });
      states_[lane] = kept.state;
      walk.path = kept.path;
      walk.hash = hash_words(kept.state);
      been_to_.at(walk.hash).set_kept(false);
      return;
    }
    states_[lane] = P::pack(initial_state<D>());
    walk.path = Paths::kEmpty;
    arrive(lane);
  }

  // Instances of the steps before the I-th.
  static constexpr auto kFirstId = [] {
    std::array<std::size_t, kSteps + 1> first{};
    for_each_step_kind([&](auto i) { first[i + 1] = first[i] + instances<D, StepOfKind<i, D>>(); });
    return first;
  }();
  static_assert(kFirstId[kSteps] <= 1 << 16);

  template <std::size_t I>
  static Verdict check_one(const Profile& k, const State<D>& s, Id id) {
    return verdict_of<D>(k, s, instance<D, StepOfKind<I, D>>(id - kFirstId[I]));
  }
  template <std::size_t I>
  static void apply_one(Walker& w, State<D>& s, const Enabled& next) {
    const auto step = instance<D, StepOfKind<I, D>>(next.id - kFirstId[I]);
    const Small verdict(unsigned{next.verdict});
    if (w.options_.overrides.empty()) {
      apply_step<D>(w.k_, s, step, verdict);
    } else {
      const State<D> from = s;
      apply_step<D>(w.k_, s, step, verdict);
      for (std::size_t i = 0; i < w.decided_.size(); ++i)
        if (!w.decided_[i])
          w.decided_[i] = is_decided(w.options_.overrides[i].without, from, step, s);
    }
  }
  using Check = Verdict (*)(const Profile&, const State<D>&, Id);
  using Apply = void (*)(Walker&, State<D>&, const Enabled&);
  static constexpr auto kCheck = [] {
    std::array<Check, kSteps> table{};
    for_each_step_kind([&](auto i) { table[i] = &check_one<i>; });
    return table;
  }();
  static constexpr auto kApply = [] {
    std::array<Apply, kSteps> table{};
    for_each_step_kind([&](auto i) { table[i] = &apply_one<i>; });
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
  PropertySet wanted_;  // once a strengthening is broken, promises only
  std::vector<char> decided_;
  Random random_;
  std::array<Packed, kLanes> states_{};
  std::array<Walk, kLanes> walks_;
  bool is_fine_ = true;
  ClaimCounts given_{};
  BeenTo been_to_;
  Paths paths_;
  StatesToComeBackTo<Packed, typename Paths::Ref, kSteps> kept_;
  Coverage coverage_;
  std::array<std::uint64_t, kSteps> counts_{};
  std::array<std::uint64_t, kSteps * kVerdicts> class_counts_{};
  std::vector<std::size_t> untaken_, candidates_;  // places in a walk's enabled
  struct Known {
    std::size_t place;
    std::uint64_t hash;
  };
  std::vector<Known> known_;
  std::uint64_t until_ = 0;
  static_assert(kVerdicts <= 64);
};

}  // namespace hmm
