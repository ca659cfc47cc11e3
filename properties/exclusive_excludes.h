#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/rmap.c make_device_exclusive_range(): "CPU access to the page will revoke the
// exclusive access".
struct ExclusiveExcludes {
  static constexpr const char* name = "exclusive_excludes";
  static constexpr const char* says =
      "while a device holds a page exclusively, no CPU and no other device reaches it";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_mirror<D>([&](const Num& device, const Num& mm, const Num& vpn) {
      const auto mirror = s.mirror.at(device, mm, vpn);
      for (const auto& pte : s.pte.slot)
        all = all &&
              implies(mirror.exclusive && is<D>(pte.kind, PteKind::present), pte.pfn != mirror.pfn);
      for_each_mirror<D>([&](const Num& other_device, const Num& other_mm, const Num& other_vpn) {
        const auto other = s.mirror.at(other_device, other_mm, other_vpn);
        all = all && implies(mirror.exclusive && other.valid && other_device != device,
                             other.pfn != mirror.pfn);
      });
    });
    return all;
  }
};

}  // namespace hmm
