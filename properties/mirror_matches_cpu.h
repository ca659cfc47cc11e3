#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: Documentation/mm/hmm.rst, "address space mirroring"; the range is open for the device
// until its callback has run, and then it has no entry until the range closes.
struct MirrorMatchesCpu {
  static constexpr const char* name = "mirror_matches_cpu";
  static constexpr const char* says =
      "outside an open invalidation a device pte names the page the CPU pte names, with no more "
      "rights";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_mirror<D>([&](const Num& device, const Num& mm, const Num& vpn) {
      const auto mirror = s.mirror.at(device, mm, vpn);
      all = all && implies(mirror.valid, mirrors<D>(mirror, s.pte.at(mm, vpn)) ||
                                             is_pending<D>(s, device, mm, vpn));
    });
    return all;
  }
};

}  // namespace hmm
