#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "model/machine.h"
#include "model/want.h"

// What liveness sees of a state: who is in flight, who is in want, and what goes on.
namespace hmm {

// One bit for each slot of the tables of what is in flight: CPU faults, device faults, migrations,
// notifier ranges and held pages, in this order; and for each device whose struct dev_pagemap
// somebody has looked up.
using Flights = std::uint32_t;
// One bit for each of the wants that are asked about.
using WantSet = std::uint32_t;
static_assert(std::numeric_limits<WantSet>::digits == kMostWants);

// What goes on by a step: both empty if it begins what nobody wants.
struct Turn {
  Flights flights = 0;  // that go on, or that a fault is handled for
  WantSet wants = 0;    // that it tries
};

// Whoever may take a turn: flights in the low half, wants in the high one.
using Actors = std::uint64_t;
constexpr Actors actors_of(Flights flights, WantSet wants) { return flights | Actors{wants} << 32; }

struct Standing {
  struct Moving {
    PlainStep step;
    Turn turn;
    bool ends = false;  // an access, for good
  };
  Flights in_flight = 0;
  WantSet pending = 0;  // neither fulfilled nor in vain
  Actors asleep = 0;    // who is told to wait by some step of theirs
  Actors lacking = 0;   // who would go on, but for memory or a slot of the scope
  std::vector<Moving> moving;
};

// Who is told so tries no more: SIGBUS, or an error for the device.
constexpr bool ends_access(Verdict v) {
  return v == Verdict::sigbus || v == Verdict::efault || v == Verdict::eperm;
}

}  // namespace hmm
