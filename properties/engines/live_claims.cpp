#include "properties/engines/live_claims.h"

namespace hmm {
namespace {

bool is_access(const Want& want) { return want.by == Retrier::cpu || want.by == Retrier::device; }
bool takes_pages_away(const Want& want) {
  return want.by == Retrier::eviction || want.by == Retrier::memunmap;
}

// Two who are not after the same thing, of one page.
bool are_rivals(const Want& a, const Want& b) {
  if (takes_pages_away(a) || takes_pages_away(b)) return is_access(a) || is_access(b);
  if (!is_access(a) || !is_access(b)) return false;
  return a.mm == b.mm && a.vpn == b.vpn && (a.by != b.by || a.device != b.device);
}

// Who wants something together, for each time that the claim is asked.
std::vector<WantSet> asked_of(LiveClaim claim, const std::vector<Want>& wants) {
  std::vector<WantSet> sets;
  const auto each_of = [&](Retrier by) {
    for (std::size_t w = 0; w < wants.size(); ++w)
      if (wants[w].by == by) sets.push_back(WantSet{1} << w);
  };
  switch (claim) {
    case LiveClaim::what_is_in_flight_ends:
      sets.push_back(0);
      break;
    case LiveClaim::cpu_accesses_end:
      each_of(Retrier::cpu);
      break;
    case LiveClaim::device_accesses_end:
      each_of(Retrier::device);
      break;
    case LiveClaim::evictions_end:
      each_of(Retrier::eviction);
      break;
    case LiveClaim::additions_end:
      for (const Retrier by : {Retrier::hotplug, Retrier::memremap, Retrier::subscribe})
        each_of(by);
      break;
    case LiveClaim::removals_end:
      for (const Retrier by : {Retrier::hotunplug, Retrier::memunmap, Retrier::unsubscribe})
        each_of(by);
      break;
    case LiveClaim::rivals_end:
      for (std::size_t a = 0; a < wants.size(); ++a)
        for (std::size_t b = a + 1; b < wants.size(); ++b)
          if (are_rivals(wants[a], wants[b])) sets.push_back(WantSet{1} << a | WantSet{1} << b);
      break;
  }
  return sets;
}

}  // namespace

bool judge_claims(const LiveGraph& graph, const std::function<PlainSteps(std::uint32_t)>& run_to,
                  const std::function<PlainStep(std::uint32_t)>& step_of,
                  const LivenessOptions& options, LivenessResult& result) {
  for (unsigned c = 0; c < kEnumerators<LiveClaim>; ++c) {
    const auto claim = static_cast<LiveClaim>(c);
    auto& found = result.claims[c];
    std::size_t shortest = 0;
    for (const WantSet set : asked_of(claim, graph.wants)) {
      ++found.asked;
      if (options.progress) options.progress("claims", c);
      const HangSearch search = find_hang(graph, set, options.stop);
      if (options.stop.stop_requested()) return false;
      if (claim == LiveClaim::what_is_in_flight_ends) result.starved = search.starved;
      if (!search.found) continue;
      const Hang& hang = search.hang;
      const std::size_t length = graph.depth[hang.states.front()] + hang.steps.size();
      if (found.hung && shortest <= length) continue;
      shortest = length;
      Hung& hung = found.hung.emplace();
      for (std::size_t w = 0; w < graph.wants.size(); ++w)
        if ((set >> w & 1) != 0) hung.wants.push_back(graph.wants[w]);
      hung.run = run_to(hang.states.front());
      for (const std::uint32_t step : hang.steps) hung.cycle.push_back(step_of(step));
      hung.is_shortest = hang.is_shortest;
    }
  }
  return true;
}

}  // namespace hmm
