#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memory_hotplug.c mhp_range_allowed() keeps memory to where the CPU reaches it. That
// device memory keeps out of there no kernel sees to: the cover letter of HMM v16 names it as a
// known issue, and means to place device memory above.
struct HotplugFindsRoom {
  static constexpr const char* name = "hotplug_finds_room";
  static constexpr const char* says =
      "memory that is plugged in is where the CPU reaches it, and device private memory is not";
  static constexpr bool is_strengthening = false;
  enum class Claim { private_memory_is_above_the_limit, ram_is_below_it };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.pagemap, [&](const auto& p, unsigned device) {
      if (is_coherent_device(D::scope, device)) return;
      claim(Claim::private_memory_is_above_the_limit, !is<D>(p.stage, PagemapStage::absent),
            is_above_limit<D>(p.region), row("pagemap", device), row("region", p.region));
    });
    for_each_row(s.region, [&](const auto& region, unsigned r) {
      claim(Claim::ram_is_below_it, region.ram, !is_above_limit<D>(Num(r)), row("region", r));
    });
  }
};

}  // namespace hmm
