#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/rmap.c folio_add_anon_rmap_ptes(), folio_remove_rmap_pte().
struct MapcountIsAccounted {
  static constexpr const char* name = "mapcount_is_accounted";
  static constexpr const char* says =
      "each page's mapcount is exactly its present and device private entries";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_page<D>([&](const Num& pfn) {
      Num mapped(0);
      for (const auto& pte : s.pte.slot) mapped = mapped + to_num(maps<D>(pte, pfn));
      all = all && s.page.at(pfn).mapcount == mapped;
    });
    return all;
  }
};

}  // namespace hmm
