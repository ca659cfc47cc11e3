#pragma once
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/plain.h"
#include "properties/engines/engines.h"
#include "properties/engines/standing.h"

// The states of a scope and the steps by which what is in flight goes on: what liveness is asked
// of. It has no scope, so the search is compiled once.
namespace hmm {

struct LiveEdge {
  std::uint32_t to = 0;
  std::uint32_t step = 0;  // its number among the instances of the scope's steps
  Turn turn;
  bool ends = false;  // an access, for good: no cycle goes by it
};

struct LiveNode {
  Flights in_flight = 0;
  WantSet pending = 0;
  // As of Standing; of a state in which nothing goes on.
  Actors asleep = 0, lacking = 0;
};

struct LiveGraph {
  std::vector<Want> wants;
  std::vector<LiveNode> nodes;
  std::vector<std::uint64_t> first;  // of a node's edges; one more than nodes
  std::vector<LiveEdge> edges;
  std::vector<std::uint16_t> depth;  // of a shortest run to each
  // What a node does not say, as few are asked for it.
  std::function<Standing(std::uint32_t)> standing;
};

// Who tries again and again while nobody begins anything else, and what they come to.
struct Hang {
  WantSet wants = 0;                  // empty: what is in flight is enough
  bool is_stuck = false;              // nothing goes on after `to`; else `cycle` is for ever
  std::vector<std::uint32_t> states;  // of the cycle, from its beginning; the one of is_stuck
  std::vector<std::uint32_t> steps;   // of the cycle: from each state to the next
  bool is_shortest = true;
};

// The shortest hang of those who want `wants`, in which each of them is in want all the time: a
// cycle in which whoever can go on all the time goes on, and whoever sleeps until they can (of a
// lock, of a migration entry) and is woken again and again goes on as well; or a state in which
// nothing can and somebody is in flight or told to wait. None if there is none; `starved` counts
// states in which nothing goes on for want of memory or of a slot.
struct HangSearch {
  bool found = false;
  Hang hang;
  std::uint64_t starved = 0;
};
HangSearch find_hang(const LiveGraph& graph, WantSet wants, const std::stop_token& stop = {});

}  // namespace hmm
