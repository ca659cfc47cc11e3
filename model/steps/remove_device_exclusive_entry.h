#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A CPU fault finds a device exclusive entry: the page is held, locked, and the notifier range that
// takes it from the device is opened, MMU_NOTIFY_EXCLUSIVE without owner.
//
// Kernel: mm/memory.c do_swap_page(), remove_device_exclusive_entry() up to
// mmu_notifier_invalidate_range_start().
template <class D>
struct RemoveDeviceExclusiveEntry {
  using Num = typename D::Num;
  static constexpr const char* name = "remove_device_exclusive_entry";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{Verdict::ok,
                                       Verdict::slot_busy,
                                       Verdict::mmap_lock_wait,
                                       Verdict::no_permission,
                                       Verdict::not_exclusive_entry,
                                       Verdict::page_locked};

  Num slot{};
  Num mm{};
  Num vpn{};

  static constexpr Gate gate{&Scope::exclusives};
  static constexpr auto fields() {
    return Fields{field("slot", &RemoveDeviceExclusiveEntry::slot, sort::invalidation),
                  field("mm", &RemoveDeviceExclusiveEntry::mm, sort::mm),
                  field("vpn", &RemoveDeviceExclusiveEntry::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto pte = s.pte.at(mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_exclusive_entry", !is<D>(pte.kind, PteKind::device_exclusive),
                Verdict::not_exclusive_entry)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("vm_read", !s.vma.at(mm, vpn).read, Verdict::no_permission)
        .end_if("page_locked", s.page.at(pte.pfn).locked, Verdict::page_locked)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Num pfn = s.pte.at(mm, vpn).pfn;
    if (does("get_page")) get_page<D>(s, pfn);
    if (does("lock_page")) lock_page<D>(s, pfn);
    open_range<D>(does, s, slot, RangeOp::restore, mm, vpn, vpn);
    if (does("old_page"))
      s.invalidation.update([&](Invalidation<D>& inv) { inv.old_pfn = pfn; }, slot);
  }
};

}  // namespace hmm
