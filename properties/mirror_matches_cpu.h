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
  enum class Claim { device_names_the_page_of_the_cpu, device_writes_only_what_the_cpu_may };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      const auto pte = s.pte.at(mm, vpn);
      const auto settled = mirror.valid && !is_pending<D>(s, device, mm, vpn);
      claim(Claim::device_names_the_page_of_the_cpu, settled, mirrors<D>(mirror, pte),
            row("mirror", device, mm, vpn), row("pte", mm, vpn));
      claim(Claim::device_writes_only_what_the_cpu_may, settled && mirror.write,
            lets_device_write<D>(k, pte), row("mirror", device, mm, vpn), row("pte", mm, vpn));
    });
  }
};

}  // namespace hmm
