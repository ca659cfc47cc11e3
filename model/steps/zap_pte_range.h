#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// A page table entry is torn down by munmap or MADV_DONTNEED.
//
// Kernel: mm/memory.c zap_pte_range(): one step, under the pte lock. A present or device private
// entry gives back its rmap and reference, a device exclusive one its reference and the rmap that
// it may have kept; a migration entry holds neither, a swap entry its slot.
template <class D>
struct ZapPteRange {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "zap_pte_range";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &ZapPteRange::slot, sort::invalidation),
                  field("vpn", &ZapPteRange::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>(k, name)
        .end_if("not_in_flight",
                !is_op<D>(inv, RangeOp::munmap) && !is_op<D>(inv, RangeOp::dontneed),
                Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Num mm = s.invalidation.at(slot).mm;
    const auto pte = s.pte.at(mm, vpn);
    const auto present = is<D>(pte.kind, PteKind::present) && !is_zero_pfn<D>(pte.pfn);
    const auto device_private = is<D>(pte.kind, PteKind::device_private);
    if constexpr (D::scope.reclaims != 0)
      if (does("mark_dirty"))
        when(present && !s.page.at(pte.pfn).anon, s,
             [&](State<D>& t) { mark_dirty<D>(t, pte.pfn, pte.dirty); });
    const Bool private_rmap = Bool(k.zap_drops_private_rmap) && device_private;
    Bool exclusive_rmap = false;
    if (k.exclusive_keeps_rmap) exclusive_rmap = is<D>(pte.kind, PteKind::device_exclusive);
    if (does("remove_rmap"))
      when(present || private_rmap || exclusive_rmap, s,
           [&](State<D>& t) { remove_rmap<D>(t, pte.pfn); });
    const Bool exclusive_ref =
        Bool(k.zap_drops_exclusive_ref) && is<D>(pte.kind, PteKind::device_exclusive);
    if (does("put_page"))
      when(present || device_private || exclusive_ref, s,
           [&](State<D>& t) { put_page<D>(k, t, pte.pfn); });
    if (does("free_swap")) {
      when(present, s, [&](State<D>& t) { free_swap_cache<D>(k, t, pte.pfn); });
      when(is_swap_entry<D>(pte), s, [&](State<D>& t) { free_swap_and_cache<D>(k, t); });
    }
    if (!k.zap_keeps_migration_ref)
      when(is<D>(pte.kind, PteKind::migration), s,
           [&](State<D>& t) { put_page<D>(k, t, pte.pfn); });
    if (does("clear_pte")) s.pte.set(Pte<D>{}, mm, vpn);
    if (does("clear_ghost")) s.ghost.set(Ghost<D>{}, mm, vpn);
    forget_holds<D>(s, mm, vpn);
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
