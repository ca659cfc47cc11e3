#pragma once
#include "model/holders.h"
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c memunmap_pages() waits for the last page in use and for the last reference
// on struct dev_pagemap; pageunmap_range(): "pages are dead and unused".
struct RemovedDeviceHoldsNothing {
  static constexpr const char* name = "removed_device_holds_nothing";
  static constexpr const char* says =
      "no entry, mirror, fault or migration has a page of a device that was removed, no driver its "
      "buffer, and nobody its struct dev_pagemap";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    its_pages_are_free,
    nobody_names_its_pages,
    nobody_has_its_pagemap,
    its_buffers_are_gone,
    no_pagemap_is_used_that_is_not_there
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.pagemap, [&](const auto& p, unsigned device) {
      const auto here = row("pagemap", device);
      const auto removed = !has_struct_pages<D>(p);
      claim(Claim::nobody_has_its_pagemap, removed, p.refs == Num(0) && !p.looked_up, here);
      for_each_row(s.page, [&](const auto& page, unsigned pfn) {
        claim(Claim::its_pages_are_free, removed && is_memory_of<D>(Num(pfn), Num(device)),
              page.refcount == Num(0), here, row("page", pfn));
      });
      if (D::scope.buffers != 0)
        for_each_row(s.buffer, [&](const auto& buffer, unsigned pfn) {
          claim(Claim::its_buffers_are_gone, removed && is_memory_of<D>(Num(pfn), Num(device)),
                !buffer.in_use, here, row("buffer", pfn));
        });
      for_each_hold<D>(k, s, [&](const Hold<D>& hold) {
        claim(Claim::nobody_names_its_pages, removed, !is_memory_of<D>(hold.pfn, Num(device)), here,
              row("page", hold.pfn));
      });
    });
    claim(Claim::no_pagemap_is_used_that_is_not_there, D::scope.regions != 0, !s.oops.dead_pagemap,
          row("oops"));
  }
};

}  // namespace hmm
