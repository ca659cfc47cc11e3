#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// mprotect rewrites one page table entry for the vma's new rights.
//
// Kernel: mm/mprotect.c change_pte_range(): one step, under the pte lock. Writable special entries
// become readable even if the new rights include writing; a present exclusive page may become
// writable at once (can_change_pte_writable()).
template <class D>
struct ChangePteRange {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "change_pte_range";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  typename D::Num slot{};
  typename D::Num vpn{};

  static constexpr auto fields() {
    return std::tuple{field("slot", &ChangePteRange::slot, Kind::invalidation),
                      field("vpn", &ChangePteRange::vpn, Kind::vpn)};
  }

  Num check([[maybe_unused]] const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>()
        .end_if(!is_op<D>(inv, RangeOp::mprotect), Verdict::not_in_flight)
        .end_if(!may_change_pte<D>(k, inv, vpn), Verdict::not_pending)
        .verdict();
  }

  void apply([[maybe_unused]] const Profile& k, [[maybe_unused]] State<D>& s,
             [[maybe_unused]] const Num& verdict) const {
    const Num mm = s.invalidation.at(slot).mm;
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    const auto page = s.page.at(pte.pfn);
    Pte<D> changed = pte;
    when(is<D>(pte.kind, PteKind::present), changed, [&](Pte<D>& p) {
      p.read = vma.read;
      p.write = vma.write && (pte.write || page.anon_exclusive);
    });
    when(is<D>(pte.kind, PteKind::migration) && pte.write, changed, [&](Pte<D>& p) {
      p.write = false;
      p.exclusive = Bool(k.anon_exclusive);
    });
    if (k.mprotect_downgrades_private)
      when(is<D>(pte.kind, PteKind::device_private), changed, [](Pte<D>& p) { p.write = false; });
    s.pte.set(changed, mm, vpn);
    pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
