#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/rmap.c folio_add_anon_rmap_ptes(), folio_remove_rmap_pte().
struct MapcountIsAccounted {
  static constexpr const char* name = "mapcount_is_accounted";
  static constexpr const char* says =
      "each page's mapcount is exactly its present and device private entries";
  static constexpr bool is_strengthening = false;
  enum class Claim { mapped_page_counts_its_entries, unmapped_page_counts_none };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      Num mapped(0);
      for (const auto& pte : s.pte.slot) mapped = mapped + to_num(maps<D>(pte, pfn));
      claim(Claim::mapped_page_counts_its_entries, mapped != Num(0), page.mapcount == mapped,
            row("page", pfn));
      claim(Claim::unmapped_page_counts_none, mapped == Num(0), page.mapcount == mapped,
            row("page", pfn));
    });
  }
};

}  // namespace hmm
