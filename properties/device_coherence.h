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
  enum class Claim { mirror_names_the_last_store };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      claim(Claim::mirror_names_the_last_store, mirror.valid,
            s.page.at(mirror.pfn).contents == last_store<D>(s, mm, vpn),
            row("mirror", device, mm, vpn), row("page", mirror.pfn), row("ghost", mm, vpn));
    });
  }
};

}  // namespace hmm
