#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: kernel/resource.c get_free_mem_region() and mm/memremap.c pagemap_range() refuse what
// something else has, mm/memory_hotplug.c register_memory_resource() what a device has. Coherent
// memory is where the platform says, as the parameters of lib/test_hmm.c do.
struct DeviceRangesAreDisjoint {
  static constexpr const char* name = "device_ranges_are_disjoint";
  static constexpr const char* says =
      "the memory of a device has addresses that no other device and no RAM has, and coherent "
      "memory those that the platform gives it";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    two_devices_have_two_ranges,
    range_of_a_device_is_no_ram,
    coherent_memory_is_where_the_platform_has_it
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.pagemap, [&](const auto& p, unsigned device) {
      const auto has_range = !is<D>(p.stage, PagemapStage::absent);
      claim(Claim::range_of_a_device_is_no_ram, has_range, !s.region.at(p.region).ram,
            row("pagemap", device), row("region", p.region));
      if (is_coherent_device(D::scope, device))
        claim(Claim::coherent_memory_is_where_the_platform_has_it, has_range,
              is_platform_region<D>(Num(device), p.region), row("pagemap", device));
      for_each_row(s.pagemap, [&](const auto& other, unsigned second) {
        if (second <= device) return;
        claim(Claim::two_devices_have_two_ranges,
              has_range && !is<D>(other.stage, PagemapStage::absent), p.region != other.region,
              row("pagemap", device), row("pagemap", second));
      });
    });
  }
};

}  // namespace hmm
