#pragma once
#include <compare>
#include <vector>

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
std::vector<Want> wants_of(const Scope& s);

}  // namespace hmm
