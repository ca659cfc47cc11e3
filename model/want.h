#pragma once
#include <array>
#include <compare>

#include "model/retrier.h"
#include "model/scope.h"

namespace hmm {

// An access that faults until it succeeds, or a frame that a driver wants empty.
struct Want {
  Retrier by = Retrier::cpu;
  bool write = false;   // of an access
  unsigned device = 0;  // that accesses
  unsigned mm = 0, vpn = 0;
  unsigned pfn = 0;  // of an eviction
  friend auto operator<=>(const Want&, const Want&) = default;
};

// All there can be at a scope: accesses of CPUs, of devices, evictions.
struct Wants {
  std::array<Want, 32> want{};
  unsigned count = 0;
  constexpr const Want* begin() const { return want.data(); }
  constexpr const Want* end() const { return want.data() + count; }
};
Wants wants_of(const Scope& s);

}  // namespace hmm
