#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The device exclusive entry becomes a present pte again, unless it changed meanwhile; the page is
// unlocked and put.
//
// Kernel: mm/memory.c remove_device_exclusive_entry(), restore_exclusive_pte(): one step under the
// pte lock, after the callbacks of the range.
template <class D>
struct RestoreExclusivePte {
  using Num = typename D::Num;
  static constexpr const char* name = "restore_exclusive_pte";
  static constexpr std::array verdicts{Verdict::ok, Verdict::changed, Verdict::not_in_flight,
                                       Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr Gate gate{&Scope::exclusives};
  static constexpr auto fields() {
    return Fields{field("slot", &RestoreExclusivePte::slot, sort::invalidation),
                  field("vpn", &RestoreExclusivePte::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>()
        .end_if(!is_op<D>(inv, RangeOp::restore), Verdict::not_in_flight)
        .end_if(!may_change_pte<D>(k, inv, vpn, k.restore_notifies), Verdict::not_pending)
        .end_if(!excludes<D>(s.pte.at(inv.mm, vpn), inv.old_pfn), Verdict::changed)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const auto inv = s.invalidation.at(slot);
    when(is<D>(verdict, Verdict::ok), s,
         [&](State<D>& t) { restore_exclusive_pte<D>(t, inv.mm, vpn); });
    s.page.update([](Page<D>& p) { p.locked = false; }, inv.old_pfn);
    put_page<D>(s, inv.old_pfn);
    s.invalidation.update([](Invalidation<D>& i) { i.old_pfn = Num(0); }, slot);
    pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
