#pragma once
#include "properties/property.h"

namespace hmm {

// A writable entry of private memory, or one that would come back exclusive, is the only one that
// names its page, so the two sides of a fork never see each other's stores. While mprotect is at
// it, the ptes it has not reached keep their old rights.
//
// Kernel: include/linux/page-flags.h PG_anon_exclusive, mm/mprotect.c change_protection().
struct RightsNeverGrow {
  static constexpr const char* name = "rights_never_grow";
  static constexpr const char* says =
      "no pte or migration gives a right that the vma and copy-on-write do not";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    owning_entry_names_a_page,
    owning_entry_is_alone,
    writable_entry_has_a_writable_vma,
    readable_entry_has_a_readable_vma,
    writable_private_page_is_exclusive
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      const auto here = row("pte", mm, vpn), page = row("page", pte.pfn);
      const auto exclusive = s.page.at(pte.pfn).anon_exclusive;
      const auto is_private = !is_cached<D>(s, pte.pfn);
      const auto owning =
          is_private && (is_owning<D>(s, pte) || is<D>(pte.kind, PteKind::device_exclusive));
      claim(Claim::owning_entry_names_a_page, owning, pte.pfn != Num(0), here);
      for_each_row(s.pte, [&](const auto& other, unsigned m, unsigned v) {
        if (m != mm || v != vpn)
          claim(Claim::owning_entry_is_alone, owning, other.pfn != pte.pfn, here, row("pte", m, v),
                page);
      });
      const auto vma = s.vma.at(mm, vpn);
      const auto settled = !is_yet_to_change<D>(s, RangeOp::mprotect, mm, vpn);
      claim(Claim::writable_entry_has_a_writable_vma, pte.write && settled, vma.write, here,
            row("vma", mm, vpn));
      claim(Claim::readable_entry_has_a_readable_vma, pte.read && settled, vma.read, here,
            row("vma", mm, vpn));
      claim(
          Claim::writable_private_page_is_exclusive,
          Bool(k.anon_exclusive) && pte.write && is_private && !is<D>(pte.kind, PteKind::migration),
          exclusive, here, page);
    });
  }
};

}  // namespace hmm
