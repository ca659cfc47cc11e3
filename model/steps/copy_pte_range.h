#pragma once
#include "model/notifier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// fork copies one page table entry to the child; both sides become read-only.
//
// Kernel: mm/memory.c copy_pte_range(), copy_present_pte(), copy_nonpresent_pte(): one step, under
// both pte locks. An exclusive page that may be pinned is not shared but copied
// (copy_present_page.h). A device exclusive entry is restored first, try_restore_exclusive_pte().
// Simplified: where that fails for the page lock it waits; the kernel's fork fails.
template <class D>
struct CopyPteRange {
  using Num = typename D::Num;
  static constexpr const char* name = "copy_pte_range";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending,
                                       Verdict::must_unshare, Verdict::page_locked};

  Num slot{};
  Num vpn{};

  static constexpr Gate gate{&Scope::mms, 1};
  static constexpr auto fields() {
    return Fields{field("slot", &CopyPteRange::slot, sort::invalidation),
                  field("vpn", &CopyPteRange::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    const auto pte = s.pte.at(inv.mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::fork), Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .end_if("page_locked", is_locked_exclusive<D>(s, pte), Verdict::page_locked)
        .end_if("must_unshare", must_copy_for_pin<D>(s, pte), Verdict::must_unshare)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Effects<D> nonpresent(k, "copy_nonpresent_pte");
    const auto inv = s.invalidation.at(slot);
    if (k.fork_restores_exclusive && nonpresent("restore_exclusive"))
      when(is<D>(s.pte.at(inv.mm, vpn).kind, PteKind::device_exclusive), s,
           [&](State<D>& t) { restore_exclusive_pte<D>(k, t, inv.mm, vpn); });
    const auto pte = s.pte.at(inv.mm, vpn);
    const auto device_private = is<D>(pte.kind, PteKind::device_private);
    const auto migration = is<D>(pte.kind, PteKind::migration);
    const auto swap = is_swap_entry<D>(pte);
    Pte<D> shared = pte;
    if (does("wrprotect")) shared.write = pte.write && (device_private || migration);
    if (k.fork_downgrades_private && nonpresent("downgrade_private"))
      shared.write = shared.write && !device_private;
    if (nonpresent("downgrade_migration")) {
      shared.write = shared.write && !migration;
      shared.exclusive = shared.exclusive && swap;
    }
    if (k.private_forgets_soft_dirty && nonpresent("clear_soft_dirty"))
      shared.soft_dirty = pte.soft_dirty && !(device_private && pte.write);
    if (nonpresent("share_swap")) shared.exclusive = shared.exclusive && !swap;
    if (nonpresent("swap_duplicate")) when(swap, s, [](State<D>& t) { swap_duplicate<D>(t); });
    when(!migration && !swap && !is<D>(pte.kind, PteKind::none), s, [&](State<D>& t) {
      if (does("clear_anon_exclusive"))
        t.page.update([](Page<D>& p) { p.anon_exclusive = false; }, pte.pfn);
      if (does("add_rmap")) add_rmap<D>(t, pte.pfn);
      if (does("get_page")) get_page<D>(t, pte.pfn);
    });
    if (does("set_pte")) s.pte.set(shared, inv.mm, vpn);
    if (does("set_child_pte")) s.pte.set(shared, inv.child, vpn);
    when(!is_shared<D>(s.vma.at(inv.mm, vpn)), s,
         [&](State<D>& t) { forget_gets<D>(k, t, inv.mm, vpn); });
    if (does("ghost")) s.ghost.set(s.ghost.at(inv.mm, vpn), inv.child, vpn);
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
