#pragma once
#include "properties/engines/explore.h"

// How a search goes: judging, level by level, and what came of it.
namespace hmm {

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
  if (options_.every_violation) return note_violated(me, {found.bad, index, {}});
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
                               const State<D>& to) const {
  for (std::size_t i = 0; i < options_.overrides.size(); ++i)
    if (!me.decided[i]) me.decided[i] = is_decided(options_.overrides[i].without, from, step, to);
}

template <Scope S>
void Explorer<S>::note_differing(Shard& me, const LaneStates<S>& wide, const auto& step,
                                 std::size_t kind, const LaneNum& verdict, LaneSet used,
                                 Ref first) const {
  const LaneNum other = options_.other_steps == nullptr
                            ? wide.check(other_.of(kind), step)
                            : text_of(*options_.other_steps).check(other_.whole(), wide, step);
  const LaneNum rejects(static_cast<unsigned>(kFirstRejection));
  LaneSet left = lanes_of(verdict != other && (verdict < rejects || other < rejects)) & used;
  for (; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(left));
    note_difference(
        me, {kind, static_cast<Verdict>(verdict.v[lane]), static_cast<Verdict>(other.v[lane])},
        {first + static_cast<Ref>(lane * shards_.size()), step});
  }
}

template <Scope S>
bool Explorer<S>::leads_elsewhere(const State<D>& from, const auto& step, std::size_t kind,
                                  Verdict verdict, const State<D>& to) const {
  State<D> other = from;
  const Verdict found = options_.other_steps == nullptr
                            ? take<D>(other_.of(kind), other, step)
                            : text_of(*options_.other_steps).take(other_.whole(), other, step);
  return found == verdict && std::memcmp(&other, &to, sizeof to) != 0;
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
    tell_first_difference();
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
  gather_violations(result);
  gather_differences(result);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

template <Scope S>
void Explorer<S>::gather(ExploreResult& result) const {
  result.seen.resize(kSteps);
  result.edges_of.resize(kSteps);
  result.given.resize(kClaims);
  std::size_t bytes = 0;
  for (const auto& shard : shards_) {
    result.states += shard.states.size();
    for (std::size_t i = 0; i < kSteps; ++i) {
      result.edges += shard.edges[i];
      result.edges_of[i] += shard.edges[i];
      result.seen[i] |= shard.seen[i];
    }
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
void Explorer<S>::tell_first_difference() {
  if (!options_.first_difference || is_told_ ||
      !any_share([](const Shard& x) { return !x.differences.empty(); }))
    return;
  is_told_ = true;
  ExploreResult so_far;
  gather_differences(so_far);
  options_.first_difference(so_far.differences.front());
}

template <Scope S>
void Explorer<S>::gather_differences(ExploreResult& result) const {
  std::map<Differs, Difference> all;
  for (const auto& shard : shards_)
    for (const auto& [what, found] : shard.differences) {
      auto path = path_to(found.first.state);
      path.push_back(found.first.step);
      const auto [kind, a, b] = what;
      Difference& one = all.try_emplace(what, Difference{kind, a, b, 0, {}}).first->second;
      one.edges += found.edges;
      if (one.steps.empty() || path.size() < one.steps.size()) one.steps = plain_steps<S>(path);
    }
  for (auto& [what, one] : all) result.differences.push_back(std::move(one));
  std::stable_sort(result.differences.begin(), result.differences.end(),
                   [](const auto& x, const auto& y) { return x.steps.size() < y.steps.size(); });
}

template <Scope S>
void Explorer<S>::gather_violations(ExploreResult& result) const {
  std::map<PropertySet, PlainSteps> shortest;
  for (unsigned t = 0; t < shards_.size(); ++t)
    for (const Noted& one : shards_[t].noted) {
      const PlainSteps steps =
          one.out ? plain_steps<S>(path_by(*one.out)) : path_of(t, {one.index, one.bad});
      for (PropertySet left = one.bad; left != 0; left &= left - 1) {
        const auto [known, is_new] = shortest.try_emplace(left & (0 - left), steps);
        if (!is_new && steps.size() < known->second.size()) known->second = steps;
      }
    }
  for (auto& [bad, steps] : shortest) result.violations.push_back({bad, std::move(steps)});
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
  for (Ref from; ref != kRoot; ref = from) {
    from = parent(ref);
    if (from == kRoot) break;
    const State<D> s = P::unpack(at(from));
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
    if (!found) throw std::logic_error("a state was reached by no step: the domains disagree");
  }
  return {path.rbegin(), path.rend()};
}

}  // namespace hmm
