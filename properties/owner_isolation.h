#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/hmm.c hmm_vma_handle_pte(): a device private entry is returned to the owner of its
// page (pgmap->owner) and faulted in for everybody else. include/linux/memremap.h
// dev_pagemap_ops.migrate_to_ram: "must migrate the page back to a CPU accessible page".
struct OwnerIsolation {
  static constexpr const char* name = "owner_isolation";
  static constexpr const char* says =
      "no device reaches another device's private page, and none fills what is not its own";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    device_private_page_is_of_the_device,
    page_goes_to_memory_of_its_device,
    page_comes_home_to_system_memory
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    // Where there is one device only, nothing is another's.
    const typename D::Bool is_asked = D::scope.devices > 1;
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      claim(Claim::device_private_page_is_of_the_device,
            is_asked && mirror.valid && is_device_private_page<D>(mirror.pfn),
            is_memory_of<D>(mirror.pfn, device), row("mirror", device, mm, vpn),
            row("page", mirror.pfn));
    });
    for_each_row(s.migrate_entry, [&](const auto& e, unsigned slot, unsigned vpn) {
      const auto m = s.migration.at(slot);
      const auto here = row("migrate_entry", slot, vpn), whole = row("migration", slot);
      claim(Claim::page_goes_to_memory_of_its_device, e.has_dst && m.to_device,
            is_memory_of<D>(e.dst, m.device), here, whole);
      claim(Claim::page_comes_home_to_system_memory, e.has_dst && !m.to_device,
            !is_zone_device_page<D>(e.dst), here, whole);
    });
  }
};

}  // namespace hmm
