#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: include/linux/memremap.h dev_pagemap.ref: mm/memremap.c zone_device_page_init() and
// get_dev_pagemap() take references, free_zone_device_folio() and put_dev_pagemap() drop them.
struct PagemapIsAccounted {
  static constexpr const char* name = "pagemap_is_accounted";
  static constexpr const char* says =
      "a struct dev_pagemap counts its pages in use and those who looked it up";
  static constexpr bool is_strengthening = false;
  enum class Claim { pagemap_counts_its_pages_and_users };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.pagemap, [&](const auto& p, unsigned device) {
      Num refs = to_num(p.looked_up);
      for_each_row(s.page, [&](const auto& page, unsigned pfn) {
        if (k.pages_hold_pagemap)
          refs = refs + to_num(is_memory_of<D>(Num(pfn), Num(device)) && is_used(s, page, pfn));
      });
      claim(Claim::pagemap_counts_its_pages_and_users, has_struct_pages<D>(p), p.refs == refs,
            row("pagemap", device));
    });
  }

 private:
  // mm/memremap.c free_zone_device_folio() drops the reference once its driver has the frame back.
  template <class D>
  static typename D::Bool is_used(const State<D>& s, const Page<D>& page, unsigned pfn) {
    if (D::scope.buffers != 0) return s.buffer.at(pfn).in_use;
    return page.refcount != typename D::Num(0);
  }
};

}  // namespace hmm
