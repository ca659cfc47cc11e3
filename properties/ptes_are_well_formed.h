#pragma once
#include "properties/property.h"

namespace hmm {

// What the kernel gets from types and page table layout: without it the induction would start from
// states that no encoding can express.
struct PtesAreWellFormed {
  static constexpr const char* name = "ptes_are_well_formed";
  static constexpr const char* says =
      "each entry has the fields of its kind and names the right memory";
  static constexpr bool is_strengthening = true;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_pte<D>([&](const Num& mm, const Num& vpn) {
      const auto pte = s.pte.at(mm, vpn);
      const auto none = is<D>(pte.kind, PteKind::none);
      const auto present = is<D>(pte.kind, PteKind::present);
      const auto migration = is<D>(pte.kind, PteKind::migration);
      const auto device_private = is<D>(pte.kind, PteKind::device_private);
      Bool forked = false;
      for (const auto& inv : s.invalidation.slot)
        forked = forked || (is_op<D>(inv, RangeOp::fork) && inv.child == mm && !inv.todo.at(vpn));
      all = all && implies(none, pte.pfn == Num(0) && !pte.write && !pte.read && !pte.exclusive);
      all = all && implies(pte.read, present) && implies(pte.exclusive, migration && !pte.write);
      all = all && implies(present, !is_device_private_page<D>(pte.pfn));
      all = all && implies(present && pte.pfn == Num(0), !pte.write);
      // A frame that is migrated without the mmap lock comes back as it was; mprotect is not done.
      Bool changing = false;
      for (const auto& inv : s.invalidation.slot)
        changing =
            changing || (is_op<D>(inv, RangeOp::mprotect) && inv.mm == mm && inv.todo.at(vpn));
      all = all && implies(present && pte.write, pte.read || changing);
      all = all && implies(device_private, is_device_private_page<D>(pte.pfn));
      const auto exclusive = is<D>(pte.kind, PteKind::device_exclusive);
      all = all && implies(migration || exclusive, pte.pfn != Num(0));
      const auto page = s.page.at(pte.pfn);
      all = all && implies(exclusive, !is_device_private_page<D>(pte.pfn) && page.anon);
      all = all && implies(migration, !page.anon_exclusive);
      all = all && implies(pte.dirty, present) && implies(pte.soft_dirty, !none);
      const auto vma = s.vma.at(mm, vpn);
      const auto cached = cached_page<D>(s, vma).pfn;
      all = all && implies(is_shared<D>(vma) && !none,
                           (present || migration) && pte.pfn == cached && cached != Num(0));
      all = all && implies(!is_shared<D>(vma) && !none, !is_cached<D>(s, pte.pfn));
      all = all && implies(!none, s.vma.at(mm, vpn).mapped && (s.mm.at(mm).alive || forked));
      all = all && implies(s.vma.at(mm, vpn).write, s.vma.at(mm, vpn).read);
      all = all && implies(s.vma.at(mm, vpn).read, s.vma.at(mm, vpn).mapped);
      all = all && implies(none, s.ghost.at(mm, vpn).value == Num(0));
    });
    return all;
  }
};

}  // namespace hmm
