#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// mremap moves one page table entry, of whatever kind, to the new address.
//
// Kernel: mm/mremap.c move_ptes(): one step, under both pte locks.
template <class D>
struct MovePtes {
  using Num = typename D::Num;
  static constexpr const char* name = "move_ptes";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr Gate gate{&Scope::vpns, 1};
  static constexpr auto fields() {
    return Fields{field("slot", &MovePtes::slot, sort::invalidation),
                  field("vpn", &MovePtes::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::mremap), Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto inv = s.invalidation.at(slot);
    Pte<D> pte = s.pte.at(inv.mm, vpn);
    if (does("soft_dirty"))
      pte.soft_dirty = soft_dirty_bit<D>(!is<D>(pte.kind, PteKind::none));  // move_soft_dirty_pte()
    if (does("set_pte")) s.pte.set(pte, inv.mm, inv.to);
    if (does("ghost")) s.ghost.set(s.ghost.at(inv.mm, vpn), inv.mm, inv.to);
    if (does("clear_pte")) s.pte.set(Pte<D>{}, inv.mm, vpn);
    if (does("clear_ghost")) s.ghost.set(Ghost<D>{}, inv.mm, vpn);
    for (auto& hold : s.gup.slot)
      when(hold.pfn != Num(0) && hold.mm == inv.mm && hold.vpn == vpn, hold,
           [&](Gup<D>& h) { h.vpn = inv.to; });
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
