#pragma once
#include "model/holders.h"
#include "properties/property.h"

namespace hmm {

// Kernel: mm/rmap.c folio_add_anon_rmap_ptes(), folio_remove_rmap_pte(); 7.3 mm/rmap.c
// make_device_exclusive().
struct MapcountIsAccounted {
  static constexpr const char* name = "mapcount_is_accounted";
  static constexpr const char* says =
      "each page's mapcount is exactly the entries that map it: present, device private, and in "
      "some kernels device exclusive ones";
  static constexpr bool is_strengthening = false;
  enum class Claim { mapped_page_counts_its_entries, unmapped_page_counts_none };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    const auto held = held_frames<D>(k, s);
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      const Num mappings = held.at(pfn).mappings;
      claim(Claim::mapped_page_counts_its_entries, mappings != Num(0), page.mapcount == mappings,
            row("page", pfn));
      claim(Claim::unmapped_page_counts_none, mappings == Num(0), page.mapcount == mappings,
            row("page", pfn));
    });
  }
};

}  // namespace hmm
