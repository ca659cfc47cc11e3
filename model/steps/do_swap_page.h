#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A CPU fault finds a device private entry: it takes a reference on the page and will call its
// driver.
//
// Kernel: mm/memory.c do_swap_page(): one step, under the pte lock. A migration entry is waited for
// (migration_entry_wait()), and so is the lock of the page where the fault needs it
// (7.3 mm/filemap.c softleaf_entry_wait_on_locked()).
template <class D>
struct DoSwapPage {
  using Num = typename D::Num;
  static constexpr const char* name = "do_swap_page";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{Verdict::ok,
                                       Verdict::slot_busy,
                                       Verdict::not_alive,
                                       Verdict::mmap_lock_wait,
                                       Verdict::no_vma,
                                       Verdict::no_permission,
                                       Verdict::migration_entry_wait,
                                       Verdict::not_private_entry,
                                       Verdict::page_locked};

  Num slot{};
  Num mm{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &DoSwapPage::slot, sort::cpu_fault),
                  field("mm", &DoSwapPage::mm, sort::mm),
                  field("vpn", &DoSwapPage::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    return Guards<D>(k, name)
        .end_if("slot_busy", !is<D>(s.cpu_fault.at(slot).stage, CpuFaultStage::idle),
                Verdict::slot_busy)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_write_locked<D>(s, mm), Verdict::mmap_lock_wait)
        .end_if("no_vma", !vma.mapped, Verdict::no_vma)
        .end_if("vm_read", !vma.read, Verdict::no_permission)
        .end_if("migration_entry", is<D>(pte.kind, PteKind::migration),
                Verdict::migration_entry_wait)
        .end_if("not_private_entry", !is<D>(pte.kind, PteKind::device_private),
                Verdict::not_private_entry)
        .end_if("page_locked", typename D::Bool(k.fault_locks_page) && s.page.at(pte.pfn).locked,
                Verdict::page_locked)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    CpuFault<D> fault{};
    fault.stage = num<D>(CpuFaultStage::looked_up);
    fault.mm = mm;
    fault.vpn = vpn;
    fault.pfn = s.pte.at(mm, vpn).pfn;
    if (does("begin")) s.cpu_fault.set(fault, slot);
    if (k.fault_takes_page_ref && does("get_page")) get_page<D>(s, fault.pfn);
    if (k.fault_locks_page && does("lock_page")) lock_page<D>(s, fault.pfn);
  }
};

}  // namespace hmm
