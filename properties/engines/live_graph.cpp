#include "properties/engines/live_graph.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace hmm {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
// Of the states that a search for a shortest cycle may look at, over all of its beginnings.
constexpr std::uint64_t kMaxLooks = 400'000'000;

Actors actors_of(const Turn& turn, WantSet wants) {
  return hmm::actors_of(turn.flights, turn.wants & wants);
}

class Search {
 public:
  Search(const LiveGraph& graph, WantSet wants, const std::stop_token& stop)
      : g_(graph), wants_(wants), stop_(stop) {}

  HangSearch run();

 private:
  bool is_in_want(std::uint32_t n) const { return (g_.nodes[n].pending & wants_) == wants_; }
  // The edge is taken by somebody who is in flight or in want.
  bool is_taken(const LiveEdge& e) const { return e.turn.flights != 0 || (e.turn.wants & wants_); }
  template <class Visit>
  void each_edge(std::uint32_t n, Visit&& visit) const {
    for (auto i = g_.first[n]; i < g_.first[n + 1]; ++i)
      if (is_taken(g_.edges[i])) visit(g_.edges[i]);
  }
  bool is_of_cycles(const LiveEdge& e) const { return !e.ends && is_in_want(e.to); }

  void find_stuck();
  void find_cycles();
  void visit_from(std::uint32_t root);
  void judge(const std::vector<std::uint32_t>& component);
  void visit_without(const std::vector<std::uint32_t>& component, Actors sleepers);
  void shorten(const std::vector<std::uint32_t>& component, Actors all);
  bool cycle_from(std::uint32_t start, const std::vector<std::uint32_t>& component,
                  const std::vector<unsigned>& bits, std::size_t limit);
  // The actors that can go on at the node, and those of them who come to nothing by it.
  struct Able {
    Actors able = 0, spinning = 0;
  };
  Able able_at(std::uint32_t n) const;
  std::size_t best() const {
    return found_.found ? g_.depth[found_.hang.states.front()] + found_.hang.steps.size()
                        : std::numeric_limits<std::size_t>::max();
  }

  const LiveGraph& g_;
  WantSet wants_;
  const std::stop_token& stop_;
  HangSearch found_;
  // Tarjan's, and which component a node is in.
  std::vector<std::uint32_t> number_, low_, component_;
  std::vector<std::uint32_t> stack_;
  std::uint32_t numbered_ = 0, components_ = 0;
  std::uint64_t looks_ = 0;
  // Of the component that is judged.
  std::unordered_map<std::uint32_t, std::uint32_t> local_;
  std::unordered_map<std::uint32_t, Actors> lacking_;
  Actors sleepers_ = 0;
};

Search::Able Search::able_at(std::uint32_t n) const {
  Able out;
  Actors moving = 0;
  each_edge(n, [&](const LiveEdge& e) {
    const Actors actors = actors_of(e.turn, wants_);
    out.able |= actors;
    if (e.to != n || e.ends) moving |= actors;
  });
  out.spinning = out.able & ~moving;
  return out;
}

void Search::find_stuck() {
  for (std::uint32_t n = 0; n < g_.nodes.size(); ++n) {
    const LiveNode& node = g_.nodes[n];
    if (!is_in_want(n)) continue;
    bool goes_on = false;
    each_edge(n, [&](const LiveEdge&) { goes_on = true; });
    const Actors wanting = hmm::actors_of(0, wants_);
    const bool waits = wants_ == 0 ? node.in_flight != 0 : (node.asleep & wanting) != 0;
    if (goes_on || !waits) continue;
    if ((node.lacking & (wanting | hmm::actors_of(~Flights{0}, 0))) != 0) {
      ++found_.starved;
      continue;
    }
    if (g_.depth[n] >= best()) continue;
    found_.found = true;
    found_.hang = {.wants = wants_, .is_stuck = true, .states = {n}, .steps = {}};
  }
}

void Search::find_cycles() {
  number_.assign(g_.nodes.size(), kNone);
  low_.assign(g_.nodes.size(), 0);
  component_.assign(g_.nodes.size(), kNone);
  for (std::uint32_t n = 0; n < g_.nodes.size() && !stop_.stop_requested(); ++n)
    if (number_[n] == kNone && is_in_want(n)) visit_from(n);
}

void Search::visit_from(std::uint32_t root) {
  struct Frame {
    std::uint32_t node;
    std::uint64_t next;
  };
  std::vector<Frame> frames;
  const auto enter = [&](std::uint32_t n) {
    number_[n] = low_[n] = numbered_++;
    stack_.push_back(n);
    frames.push_back({n, g_.first[n]});
  };
  enter(root);
  while (!frames.empty()) {
    Frame& at = frames.back();
    const std::uint32_t n = at.node;
    if (at.next < g_.first[n + 1]) {
      const LiveEdge& e = g_.edges[at.next++];
      if (!is_taken(e) || !is_of_cycles(e)) continue;
      if (number_[e.to] == kNone)
        enter(e.to);
      else if (component_[e.to] == kNone)
        low_[n] = std::min(low_[n], number_[e.to]);
      continue;
    }
    frames.pop_back();
    if (!frames.empty()) low_[frames.back().node] = std::min(low_[frames.back().node], low_[n]);
    if (low_[n] != number_[n]) continue;
    std::vector<std::uint32_t> component;
    std::uint32_t member = kNone;
    do {
      member = stack_.back();
      stack_.pop_back();
      component_[member] = components_;
      component.push_back(member);
    } while (member != n);
    ++components_;
    judge(component);
  }
}

// Whether a run can stay in the component for ever while whoever is able to go on all the time
// goes on; then it may be a shorter hang than the one that is known.
void Search::judge(const std::vector<std::uint32_t>& component) {
  Actors all = 0, satisfied = 0, taken = 0;
  bool has_cycle = false;
  for (const std::uint32_t n : component) {
    const Able able = able_at(n);
    all |= able.able;
    satisfied |= ~able.able | able.spinning;
    each_edge(n, [&](const LiveEdge& e) {
      if (!is_of_cycles(e) || component_[e.to] != component_[n]) return;
      has_cycle = true;
      if (e.to != n) taken |= actors_of(e.turn, wants_);
    });
  }
  if (!has_cycle || (all & ~satisfied & ~taken) != 0) return;
  // Who waits for a slot of the scope only would not in a kernel, and so is not kept from going on.
  satisfied = sleepers_ = 0;
  lacking_.clear();
  for (const std::uint32_t n : component) {
    const Standing at = g_.standing(n);
    const Actors here = hmm::actors_of(~Flights{0}, wants_);
    const Actors lacking = lacking_[n] = at.lacking & here;
    sleepers_ |= at.asleep & here;
    const Able able = able_at(n);
    all |= lacking;
    satisfied |= (~able.able & ~lacking) | able.spinning;
  }
  if ((all & ~satisfied & ~taken) != 0) return;
  if (const Actors left = all & sleepers_ & ~taken; left != 0)
    visit_without(component, left);
  else
    shorten(component, all);
}

// Where these sleepers are never able to go on, a run can stay without them.
void Search::visit_without(const std::vector<std::uint32_t>& component, Actors sleepers) {
  std::vector<std::uint32_t> rest;
  for (const std::uint32_t n : component)
    if ((able_at(n).able & sleepers) == 0) rest.push_back(n);
  for (const std::uint32_t n : rest) number_[n] = component_[n] = kNone;
  for (const std::uint32_t n : rest)
    if (number_[n] == kNone) visit_from(n);
}

void Search::shorten(const std::vector<std::uint32_t>& component, Actors all) {
  std::vector<unsigned> bits;
  for (unsigned b = 0; b < 64; ++b)
    if ((all >> b & 1) != 0) bits.push_back(b);
  std::vector<std::uint32_t> starts = component;
  std::sort(starts.begin(), starts.end(), [&](std::uint32_t a, std::uint32_t b) {
    return g_.depth[a] != g_.depth[b] ? g_.depth[a] < g_.depth[b] : a < b;
  });
  local_.clear();
  for (std::uint32_t i = 0; i < component.size(); ++i) local_[component[i]] = i;
  const std::size_t before = best();
  for (const std::uint32_t start : starts) {
    const std::size_t known = best();
    if (g_.depth[start] + std::size_t{1} >= known || stop_.stop_requested()) break;
    if (looks_ > kMaxLooks && known != std::numeric_limits<std::size_t>::max()) {
      if (known < before) found_.hang.is_shortest = false;
      break;
    }
    cycle_from(start, component, bits, known - g_.depth[start]);
  }
}

// A shortest walk from the node back to it in which each of the actors has taken a turn, or was not
// able to somewhere. Of fewer steps than `limit`.
bool Search::cycle_from(std::uint32_t start, const std::vector<std::uint32_t>& component,
                        const std::vector<unsigned>& bits, std::size_t limit) {
  struct Came {
    std::uint32_t node, mask, from, step;
  };
  const std::uint32_t full = (std::uint32_t{1} << bits.size()) - 1;
  const auto packed = [&](Actors actors) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < bits.size(); ++i) out |= std::uint32_t(actors >> bits[i] & 1) << i;
    return out;
  };
  std::vector<bool> seen(component.size() << bits.size());
  const auto is_new = [&](std::uint32_t node, std::uint32_t mask) {
    const std::size_t at = (std::size_t{local_.at(node)} << bits.size()) + mask;
    return !seen[at] && (seen[at] = true);
  };
  // Who is not able to go on there, be it that the scope had more room, and does not sleep.
  const auto idle_at = [&](std::uint32_t n) {
    return packed(~able_at(n).able & ~lacking_.at(n) & ~sleepers_);
  };
  std::vector<Came> came{{start, idle_at(start), kNone, 0}};
  is_new(start, came.front().mask);
  std::size_t level_end = 1, length = 1;
  for (std::size_t i = 0; i < came.size() && length < limit; ++i) {
    if (i == level_end) {
      level_end = came.size();
      if (++length >= limit) break;
    }
    const Came at = came[i];
    const Able able = able_at(at.node);
    bool done = false;
    each_edge(at.node, [&](const LiveEdge& e) {
      if (done || !is_of_cycles(e) || component_[e.to] != component_[start]) return;
      ++looks_;
      Actors actors = actors_of(e.turn, wants_);
      if (e.to == at.node) actors &= able.spinning;
      const std::uint32_t mask = at.mask | packed(actors) | idle_at(e.to);
      if (e.to == start && mask == full) {
        Hang hang{.wants = wants_, .states = {at.node}, .steps = {e.step}};
        for (std::uint32_t back = static_cast<std::uint32_t>(i); came[back].from != kNone;
             back = came[back].from) {
          hang.steps.push_back(came[back].step);
          hang.states.push_back(came[came[back].from].node);
        }
        std::reverse(hang.states.begin(), hang.states.end());
        std::reverse(hang.steps.begin(), hang.steps.end());
        found_.found = done = true;
        found_.hang = hang;
      } else if (is_new(e.to, mask)) {
        came.push_back({e.to, mask, static_cast<std::uint32_t>(i), e.step});
      }
    });
    if (done) return true;
  }
  return false;
}

HangSearch Search::run() {
  find_stuck();
  find_cycles();
  return found_;
}

}  // namespace

HangSearch find_hang(const LiveGraph& graph, WantSet wants, const std::stop_token& stop) {
  return Search(graph, wants, stop).run();
}

}  // namespace hmm
