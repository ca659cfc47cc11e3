#pragma once
#include "model/file.h"
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

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &ChangePteRange::slot, sort::invalidation),
                  field("vpn", &ChangePteRange::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::mprotect), Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Filters<D> checks(k, name);
    const Num mm = s.invalidation.at(slot).mm;
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    const auto page = s.page.at(pte.pfn);
    Pte<D> changed = pte;
    // can_change_pte_writable(). Nobody asks it for a shared mapping that is watched for writes:
    // vma_wants_writenotify() takes the rights that are about to change for the driver's own.
    Bool upgrade = Bool(does("upgrade")) && !is_shared<D>(vma);
    if (checks("vm_write")) upgrade = upgrade && vma.write;
    if (checks("page_exclusive")) upgrade = upgrade && (pte.write || page.anon_exclusive);
    if (checks("soft_dirty_wp")) upgrade = upgrade && !needs_soft_dirty_wp<D>(vma, pte);
    if constexpr (D::scope.dirty_bits != 0)
      upgrade = upgrade && (pte.dirty || Bool(!k.mprotect_checks_dirty || !checks("pte_dirty")));
    when(is<D>(pte.kind, PteKind::present), changed, [&](Pte<D>& p) {
      if (does("read")) p.read = vma.read;
      if (does("write")) p.write = (Bool(does("page_prot")) && maps_writable<D>(vma)) || upgrade;
    });
    if (does("downgrade_migration"))
      when(is<D>(pte.kind, PteKind::migration) && pte.write, changed, [&](Pte<D>& p) {
        p.write = false;
        if (does("keep_exclusive")) p.exclusive = Bool(k.anon_exclusive);
      });
    if (does("downgrade_exclusive"))
      when(is<D>(pte.kind, PteKind::device_exclusive), changed, [](Pte<D>& p) { p.write = false; });
    if (k.mprotect_downgrades_private && does("downgrade_private"))
      when(is<D>(pte.kind, PteKind::device_private) && pte.write, changed, [&](Pte<D>& p) {
        p.write = false;
        if (k.private_forgets_soft_dirty) p.soft_dirty = false;
      });
    if (does("set_pte")) s.pte.set(changed, mm, vpn);
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
