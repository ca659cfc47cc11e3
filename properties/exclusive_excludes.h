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
  enum class Claim { no_cpu_maps_it, no_other_device_maps_it };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Bool = typename D::Bool;
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      const auto own = row("mirror", device, mm, vpn);
      for_each_row(s.pte, [&](const auto& pte, unsigned m, unsigned v) {
        claim(Claim::no_cpu_maps_it, mirror.exclusive && is<D>(pte.kind, PteKind::present),
              pte.pfn != mirror.pfn, own, row("pte", m, v));
      });
      for_each_row(s.mirror, [&](const auto& other, unsigned d, unsigned m, unsigned v) {
        claim(Claim::no_other_device_maps_it, mirror.exclusive && Bool(d != device),
              !(other.valid && other.pfn == mirror.pfn), own, row("mirror", d, m, v));
      });
    });
  }
};

}  // namespace hmm
