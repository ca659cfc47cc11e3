#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/hmm.c hmm_vma_handle_pte(), whose test of pgmap->owner returns only the
// caller's own pages are returned.
struct OwnerIsolation {
  static constexpr const char* name = "owner_isolation";
  static constexpr const char* says = "no device reaches another device's private page";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_mirror<D>([&](const Num& device, const Num& mm, const Num& vpn) {
      const auto mirror = s.mirror.at(device, mm, vpn);
      all = all && implies(mirror.valid && is_device_private_page<D>(mirror.pfn),
                           is_memory_of<D>(mirror.pfn, device));
    });
    return all;
  }
};

}  // namespace hmm
