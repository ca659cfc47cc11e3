#pragma once
#include "properties/property.h"

namespace hmm {

// A writable entry of private memory, or one that would come back exclusive, is the only one that
// names its page, so the two sides of a fork never see each other's stores. While mprotect is at
// it, the ptes it has not reached keep their old rights.
//
// Kernel: include/linux/page-flags.h PG_anon_exclusive, mm/mprotect.c change_protection(),
// arch/x86/mm/fault.c access_error(), mm/gup.c check_vma_flags().
struct RightsNeverGrow {
  static constexpr const char* name = "rights_never_grow";
  static constexpr const char* says =
      "no pte, fault or migration gives a right that the vma and copy-on-write do not";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    owning_entry_names_a_page,
    owning_entry_is_alone,
    exclusive_swap_entry_is_alone,
    owning_entry_shares_no_slot,
    writable_entry_has_a_writable_vma,
    readable_entry_has_a_readable_vma,
    writable_private_page_is_exclusive,
    cpu_fault_has_a_readable_vma,
    restore_has_a_readable_vma,
    wp_copy_has_a_writable_vma,
    nobody_took_what_may_not_be_read
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      const auto here = row("pte", mm, vpn), page = row("page", pte.pfn);
      const auto exclusive = s.page.at(pte.pfn).anon_exclusive;
      const auto is_private = !is_cached<D>(s, pte.pfn);
      const auto owning = is_private && !is_swap_entry<D>(pte) &&
                          (is_owning<D>(s, pte) || is<D>(pte.kind, PteKind::device_exclusive));
      claim(Claim::owning_entry_names_a_page, owning, pte.pfn != Num(0), here);
      for_each_row(s.pte, [&](const auto& other, unsigned m, unsigned v) {
        if (m != mm || v != vpn)
          claim(Claim::owning_entry_is_alone, owning, other.pfn != pte.pfn, here, row("pte", m, v),
                page);
      });
      for_each_row(s.swap_slot, [&](const auto& swap, unsigned slot) {
        claim(Claim::exclusive_swap_entry_is_alone, is_swap_entry<D>(pte) && pte.exclusive,
              swap.count == Num(1) && swap.pfn == Num(0), here, row("swap_slot", slot));
        claim(Claim::owning_entry_shares_no_slot, owning && caches<D>(swap, pte.pfn),
              swap.count == Num(0), here, row("swap_slot", slot));
      });
      const auto vma = s.vma.at(mm, vpn);
      const auto settled = !is_yet_to_change<D>(s, RangeOp::mprotect, mm, vpn);
      claim(Claim::writable_entry_has_a_writable_vma, pte.write && settled, vma.write, here,
            row("vma", mm, vpn));
      claim(Claim::readable_entry_has_a_readable_vma, pte.read && settled, vma.read, here,
            row("vma", mm, vpn));
      claim(Claim::writable_private_page_is_exclusive,
            Bool(k.anon_exclusive) && lets_device_write<D>(k, pte) && is_private &&
                !is<D>(pte.kind, PteKind::migration),
            exclusive, here, page);
    });
    faults(s, claim);
    claim(Claim::nobody_took_what_may_not_be_read, true, !s.oops.forbidden, row("oops"));
  }

 private:
  // A fault is refused where the rights forbid what it is for, and they stay until it is done.
  template <class D, class Visit>
  static void faults(const State<D>& s, const Visit& claim) {
    for_each_row(s.cpu_fault, [&](const auto& f, unsigned slot) {
      const auto vma = s.vma.at(f.mm, f.vpn);
      claim(Claim::cpu_fault_has_a_readable_vma, !is<D>(f.stage, CpuFaultStage::idle),
            vma.mapped && vma.read, row("cpu_fault", slot), row("vma", f.mm, f.vpn));
    });
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      const auto here = row("invalidation", slot);
      for_each<D, sort::vpn>([&](unsigned v) {
        const auto vma = s.vma.at(inv.mm, v);
        claim(Claim::restore_has_a_readable_vma,
              is_op<D>(inv, RangeOp::restore) && inv.covers.at(v), vma.read, here,
              row("vma", inv.mm, v));
        claim(Claim::wp_copy_has_a_writable_vma, is_op<D>(inv, RangeOp::wp_copy) && inv.todo.at(v),
              vma.write, here, row("vma", inv.mm, v));
      });
    });
  }
};

}  // namespace hmm
