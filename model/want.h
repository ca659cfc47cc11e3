#pragma once
#include <array>
#include <compare>

#include "model/retrier.h"
#include "model/scope.h"

namespace hmm {

// An access that faults until it succeeds, a frame that a driver wants empty, or something that is
// to come or to go.
struct Want {
  Retrier by = Retrier::cpu;
  bool write = false;   // of an access
  unsigned device = 0;  // that accesses, or whose memory or notifier it is
  unsigned mm = 0, vpn = 0;
  unsigned pfn = 0;     // of an eviction
  unsigned region = 0;  // of plugged memory
  friend auto operator<=>(const Want&, const Want&) = default;
};

// So many are asked about at once.
inline constexpr unsigned kMostWants = 32;

// All there can be at a scope: accesses of CPUs, of devices, evictions, what comes and goes.
struct Wants {
  std::array<Want, 64> want{};
  unsigned count = 0;
  constexpr const Want* begin() const { return want.data(); }
  constexpr const Want* end() const { return want.data() + count; }
};
Wants wants_of(const Scope& s);

}  // namespace hmm
