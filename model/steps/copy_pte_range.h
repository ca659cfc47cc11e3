#pragma once
#include "model/notifier.h"
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
    return Guards<D>()
        .end_if(!is_op<D>(inv, RangeOp::fork), Verdict::not_in_flight)
        .end_if(!may_change_pte<D>(k, inv, vpn), Verdict::not_pending)
        .end_if(is_locked_exclusive<D>(s, s.pte.at(inv.mm, vpn)), Verdict::page_locked)
        .end_if(must_copy_for_pin<D>(s, s.pte.at(inv.mm, vpn)), Verdict::must_unshare)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const auto inv = s.invalidation.at(slot);
    if (k.fork_restores_exclusive)
      when(is<D>(s.pte.at(inv.mm, vpn).kind, PteKind::device_exclusive), s,
           [&](State<D>& t) { restore_exclusive_pte<D>(t, inv.mm, vpn); });
    const auto pte = s.pte.at(inv.mm, vpn);
    const auto device_private = is<D>(pte.kind, PteKind::device_private);
    const auto migration = is<D>(pte.kind, PteKind::migration);
    Pte<D> shared = pte;
    shared.write = false;
    shared.exclusive = false;
    shared.soft_dirty = pte.soft_dirty && !(device_private && pte.write);
    if (!k.fork_downgrades_private) shared.write = pte.write && device_private;
    when(!migration && !is<D>(pte.kind, PteKind::none), s, [&](State<D>& t) {
      t.page.update([](Page<D>& p) { p.anon_exclusive = false; }, pte.pfn);
      add_rmap<D>(t, pte.pfn);
      get_page<D>(t, pte.pfn);
    });
    s.pte.set(shared, inv.mm, vpn);
    s.pte.set(shared, inv.child, vpn);
    s.ghost.set(s.ghost.at(inv.mm, vpn), inv.child, vpn);
    pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
