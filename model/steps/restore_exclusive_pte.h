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
  using Bool = typename D::Bool;
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
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::restore), Verdict::not_in_flight)
        .end_if("callbacks", Bool(k.restore_notifies) && waits_for_callbacks<D>(k, inv),
                Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .end_if("pte_changed", !excludes<D>(s.pte.at(inv.mm, vpn), inv.old_pfn), Verdict::changed)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto inv = s.invalidation.at(slot);
    when(is<D>(verdict, Verdict::ok), s,
         [&](State<D>& t) { restore_exclusive_pte<D>(k, t, inv.mm, vpn); });
    if (does("unlock_page")) unlock_page<D>(s, inv.old_pfn);
    if (does("put_page")) put_page<D>(k, s, inv.old_pfn);
    if (does("forget_page"))
      s.invalidation.update([](Invalidation<D>& i) { i.old_pfn = Num(0); }, slot);
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
