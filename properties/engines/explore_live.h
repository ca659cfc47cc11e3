#pragma once
#include "properties/engines/explore_search.h"
#include "properties/engines/live_graph.h"

namespace hmm {

// The graph of liveness of a scope, from every state that an explorer has seen.
template <Scope S>
class LiveBuilder {
  using D = Concrete<S>;
  using P = Packing<S>;
  using Packed = typename P::Packed;

 public:
  LiveBuilder(const Profile& k, const Explorer<S>& seen) : k_(k), seen_(seen) {
    graph_.wants = wants_;
    graph_.standing = [this](std::uint32_t number) { return standing(number); };
  }

  // Calls progress(states so far) now and then. Empty if it was stopped.
  LiveGraph build(const std::stop_token& stop, const std::function<void(std::uint64_t)>& progress);

  // The n-th instance of the scope's steps.
  static PlainStep step_of(std::uint32_t number) {
    PlainStep out;
    std::uint32_t n = 0;
    for_each_step<D>([&](const auto& step, std::size_t) {
      if (n++ == number) out = plain<S>(Step<D>(step));
    });
    return out;
  }

  Standing standing(std::uint32_t number) const {
    const State<D> s = P::unpack(seen_.state(number));
    return standing_of<D>(k_, s, Turns<D>(k_, s, wants_));
  }

  // A step led to a state that the scope has no room for.
  bool leaves_ranges() const { return leaves_ranges_; }

 private:
  void add_depths();
  void add_group(std::uint64_t first, std::size_t count);
  std::vector<LiveEdge>& edges_of(std::size_t lane) { return group_edges_[lane]; }

  const Profile& k_;
  const Explorer<S>& seen_;
  const std::vector<Want> wants_ = [] {
    const Wants all = wants_of(S);
    return std::vector<Want>(all.begin(), all.end());
  }();
  LiveGraph graph_;
  std::array<std::vector<LiveEdge>, kLanes> group_edges_;
  bool leaves_ranges_ = false;
};

template <Scope S>
void LiveBuilder<S>::add_depths() {
  constexpr std::uint16_t kUnknown = 0xffff;
  const std::uint64_t total = seen_.total();
  graph_.depth.assign(total, kUnknown);
  std::vector<std::uint64_t> path;
  for (std::uint64_t n = 0; n < total; ++n) {
    std::uint64_t at = n;
    for (; at != total && graph_.depth[at] == kUnknown; at = seen_.parent_of(at))
      path.push_back(at);
    std::uint16_t depth = at == total ? 0 : static_cast<std::uint16_t>(graph_.depth[at] + 1);
    for (; !path.empty(); path.pop_back()) graph_.depth[path.back()] = depth++;
  }
}

template <Scope S>
LiveGraph LiveBuilder<S>::build(const std::stop_token& stop,
                                const std::function<void(std::uint64_t)>& progress) {
  constexpr std::uint64_t kTell = 1 << 16;
  const std::uint64_t total = seen_.total();
  add_depths();
  graph_.nodes.resize(total);
  graph_.first.push_back(0);
  for (std::uint64_t n = 0; n < total; n += kLanes) {
    if (stop.stop_requested()) return {};
    if (n % kTell == 0 && progress) progress(n);
    add_group(n, static_cast<std::size_t>(std::min<std::uint64_t>(kLanes, total - n)));
  }
  return std::move(graph_);
}

template <Scope S>
void LiveBuilder<S>::add_group(std::uint64_t first, std::size_t count) {
  std::array<Packed, kLanes> packed;
  std::array<State<D>, kLanes> states;
  std::vector<Turns<D>> turns;
  for (std::size_t i = 0; i < count; ++i) {
    packed[i] = seen_.state(first + i);
    states[i] = P::unpack(packed[i]);
    turns.emplace_back(k_, states[i], wants_);
    edges_of(i).clear();
  }
  const LaneStates<S> wide({packed.data(), count});
  std::uint32_t number = 0;
  for_each_step<D>([&](const auto& step, std::size_t) {
    using One = std::remove_cvref_t<decltype(step)>;
    const std::uint32_t here = number++;
    if constexpr (takes_turns<D, One>()) {
      const LaneNum verdict = wide.check(k_, step);
      const LaneNum rejects(static_cast<unsigned>(kFirstRejection));
      for (LaneSet left = lanes_of(verdict < rejects) & first_lanes(count); left != 0;
           left &= left - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(left));
        const Turn turn = turns[lane].of(step);
        if ((turn.flights == 0 && turn.wants == 0) || turns[lane].is_left_out(step)) continue;
        const Small said(unsigned{verdict.v[lane]});
        State<D> to = states[lane];
        apply_step<D>(k_, to, step, said);
        Packed packed_to;
        const std::uint64_t found =
            P::pack_if_fits(to, packed_to) ? seen_.number_of(packed_to) : seen_.total();
        if (found == seen_.total())
          leaves_ranges_ = true;
        else
          edges_of(lane).push_back({static_cast<std::uint32_t>(found), here, turn,
                                    turns[lane].ends(step, static_cast<Verdict>(said.v))});
      }
    }
  });
  for (std::size_t i = 0; i < count; ++i) {
    LiveNode& node = graph_.nodes[first + i];
    node.in_flight = turns[i].in_flight();
    node.pending = turns[i].pending();
    if (std::none_of(edges_of(i).begin(), edges_of(i).end(),
                     [](const LiveEdge& e) { return e.turn.flights != 0; })) {
      const Standing standing = standing_of<D>(k_, states[i], turns[i]);
      node.asleep = standing.asleep;
      node.lacking = standing.lacking;
    }
    graph_.edges.insert(graph_.edges.end(), edges_of(i).begin(), edges_of(i).end());
    graph_.first.push_back(graph_.edges.size());
  }
}

}  // namespace hmm
