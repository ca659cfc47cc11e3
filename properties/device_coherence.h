#pragma once
#include "properties/property.h"

namespace hmm {

// A device page table entry names a page that holds what was last stored.
//
// Kernel: Documentation/mm/hmm.rst, "address space mirroring".
struct DeviceCoherence {
  static constexpr const char* name = "device_coherence";
  static constexpr const char* says = "every load by a device returns the last store by anybody";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_mirror<D>([&](const Num& device, const Num& mm, const Num& vpn) {
      const auto mirror = s.mirror.at(device, mm, vpn);
      all =
          all && implies(mirror.valid, s.page.at(mirror.pfn).contents == last_store<D>(s, mm, vpn));
    });
    return all;
  }
};

}  // namespace hmm
