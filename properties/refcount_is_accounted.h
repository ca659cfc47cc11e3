#pragma once
#include "model/holders.h"
#include "properties/property.h"

namespace hmm {

// Kernel: include/linux/mm_types.h page._refcount; who holds what is the table of
// mm/migrate.c folio_expected_ref_count() and its callers.
struct RefcountIsAccounted {
  static constexpr const char* name = "refcount_is_accounted";
  static constexpr const char* says =
      "each page's reference count is exactly the holders the state knows";
  static constexpr bool is_strengthening = false;
  enum class Claim { held_page_counts_its_holders, page_that_nobody_holds_counts_none };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    const auto held = held_frames<D>(k, s);
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      const Num references = held.at(pfn).references;
      claim(Claim::held_page_counts_its_holders, references != Num(0), page.refcount == references,
            row("page", pfn));
      claim(Claim::page_that_nobody_holds_counts_none, references == Num(0),
            page.refcount == references, row("page", pfn));
    });
  }
};

}  // namespace hmm
