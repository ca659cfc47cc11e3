#pragma once
#include "properties/property.h"

namespace hmm {

// Of a page that clear_refs has been at, unless it was pinned then.
//
// Kernel: Documentation/admin-guide/mm/soft-dirty.rst: "after this, when the task tries to modify a
// page at some virtual address the #PF occurs and the kernel sets the soft-dirty bit".
struct SoftDirtyIsKept {
  static constexpr const char* name = "soft_dirty_is_kept";
  static constexpr const char* says =
      "a page that was written since clear_refs, or may be without a fault, is soft-dirty";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    written_page_is_there,
    written_page_is_soft_dirty,
    writable_entry_is_soft_dirty
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.ghost, [&](const auto& ghost, unsigned mm, unsigned vpn) {
      const auto pte = s.pte.at(mm, vpn);
      const auto vma = s.vma.at(mm, vpn);
      const auto says_so = pte.soft_dirty || vma.soft_dirty;
      const auto settled = !is_yet_to_change<D>(s, RangeOp::clear_refs, mm, vpn);
      const auto here = row("pte", mm, vpn), area = row("vma", mm, vpn);
      claim(Claim::written_page_is_there, is<D>(ghost.watch, Watch::written),
            pte.pfn != typename D::Num(0) || is_swap_entry<D>(pte), here, row("ghost", mm, vpn));
      claim(Claim::written_page_is_soft_dirty, settled && is<D>(ghost.watch, Watch::written),
            says_so, here, area, row("ghost", mm, vpn));
      claim(Claim::writable_entry_is_soft_dirty,
            settled && !is<D>(ghost.watch, Watch::none) && is_writable(k, s, mm, vpn), says_so,
            here, area);
    });
  }

 private:
  // Somebody may write by the entry without a fault. One that does not say so is a device's, which
  // has the page exclusively or is about to.
  template <class D>
  static typename D::Bool is_writable(const Profile& k, const State<D>& s, unsigned mm,
                                      unsigned vpn) {
    const auto pte = s.pte.at(mm, vpn);
    if (!k.exclusive_keeps_rmap) return pte.write;
    typename D::Bool writes = false;
    for_each<D, sort::device>(
        [&](unsigned device) { writes = writes || s.mirror.at(device, mm, vpn).write; });
    for (const auto& f : s.device_fault.slot)
      writes = writes || (is_excluding<D>(f) && f.fresh && f.write && f.mm == typename D::Num(mm) &&
                          f.vpn == typename D::Num(vpn));
    return pte.write || (writes && is<D>(pte.kind, PteKind::device_exclusive));
  }
};

}  // namespace hmm
