#pragma once
#include "model/buffer.h"
#include "properties/property.h"

namespace hmm {

// Kernel: 754c23238438: who puts memory to use waits until the device has cleared it.
struct BuffersAreWellFormed {
  static constexpr const char* name = "buffers_are_well_formed";
  static constexpr const char* says =
      "nothing is cleared that a driver has put to use, and only a migration to a device fills";
  static constexpr bool is_strengthening = true;
  enum class Claim { memory_is_clear_when_it_is_used, only_device_memory_is_filled };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    if (D::scope.buffers == 0) return;
    for_each_row(s.buffer, [&](const auto& buffer, unsigned pfn) {
      const auto here = row("buffer", pfn);
      if (k.driver_waits_for_clear)
        claim(Claim::memory_is_clear_when_it_is_used, typename D::Bool(true), !buffer.clearing,
              here);
      for_each_row(s.migration, [&](const auto& m, unsigned slot) {
        claim(Claim::only_device_memory_is_filled, m.fills.at(pfn),
              m.to_device && is_memory_of<D>(typename D::Num(pfn), m.device), here,
              row("migration", slot));
      });
    });
  }
};

}  // namespace hmm
