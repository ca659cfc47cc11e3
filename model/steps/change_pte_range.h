#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// mprotect rewrites one page table entry for the vma's new rights.
//
// Kernel: mm/mprotect.c change_pte_range(): one step, under the pte lock. Writable special entries
// become readable even if the new rights include writing, and a private one forgets that it was
// soft-dirty; a present exclusive page may become
// writable at once (can_change_pte_writable()).
template <class D>
struct ChangePteRange {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "change_pte_range";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &ChangePteRange::slot, sort::invalidation),
                  field("vpn", &ChangePteRange::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>()
        .end_if(!is_op<D>(inv, RangeOp::mprotect), Verdict::not_in_flight)
        .end_if(!may_change_pte<D>(k, inv, vpn), Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Num mm = s.invalidation.at(slot).mm;
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    const auto page = s.page.at(pte.pfn);
    Pte<D> changed = pte;
    // can_change_pte_writable(). Nobody asks it for a shared mapping that is watched for writes:
    // vma_wants_writenotify() takes the rights that are about to change for the driver's own.
    Bool upgrade = vma.write && !is_shared<D>(vma) && (pte.write || page.anon_exclusive) &&
                   !needs_soft_dirty_wp<D>(vma, pte);
    if constexpr (D::scope.dirty_bits != 0)
      upgrade = upgrade && (pte.dirty || Bool(!k.mprotect_checks_dirty));
    when(is<D>(pte.kind, PteKind::present), changed, [&](Pte<D>& p) {
      p.read = vma.read;
      p.write = maps_writable<D>(vma) || upgrade;
    });
    when(is<D>(pte.kind, PteKind::migration) && pte.write, changed, [&](Pte<D>& p) {
      p.write = false;
      p.exclusive = Bool(k.anon_exclusive);
    });
    when(is<D>(pte.kind, PteKind::device_exclusive), changed, [](Pte<D>& p) { p.write = false; });
    if (k.mprotect_downgrades_private)
      when(is<D>(pte.kind, PteKind::device_private) && pte.write, changed, [](Pte<D>& p) {
        p.write = false;
        p.soft_dirty = false;
      });
    s.pte.set(changed, mm, vpn);
    pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
