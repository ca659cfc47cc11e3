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

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_pte<D>([&](const Num& mm, const Num& vpn) {
      const auto pte = s.pte.at(mm, vpn);
      const auto vma = s.vma.at(mm, vpn);
      Num names(0);
      for (const auto& other : s.pte.slot) names = names + to_num(other.pfn == pte.pfn);
      const auto alone = pte.pfn != Num(0) && names == Num(1);
      Bool changing = false;
      for (const auto& inv : s.invalidation.slot)
        changing =
            changing || (is_op<D>(inv, RangeOp::mprotect) && inv.mm == mm && inv.todo.at(vpn));
      const auto owned = pte.write || pte.exclusive || s.page.at(pte.pfn).anon_exclusive ||
                         is<D>(pte.kind, PteKind::device_exclusive);
      const auto cached = is_cached<D>(s, pte.pfn);
      all = all && implies(owned && !cached, alone);
      all = all && implies(pte.write, vma.write || changing);
      all = all && implies(pte.read, vma.read || changing);
      all = all && implies(Bool(k.anon_exclusive) && pte.write && !cached &&
                               !is<D>(pte.kind, PteKind::migration),
                           s.page.at(pte.pfn).anon_exclusive);
    });
    return all;
  }
};

}  // namespace hmm
