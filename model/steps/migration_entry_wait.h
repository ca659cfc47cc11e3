#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A CPU fault finds a migration entry and takes a reference of its page, to wait for it. Where the
// kernel waits without one, what finds the entry is just told to.
//
// Kernel: 4.14 mm/migrate.c __migration_entry_wait(), up to wait_on_page_locked(): one step, under
// the pte lock.
template <class D>
struct MigrationEntryWait {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migration_entry_wait";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{
      Verdict::ok,     Verdict::slot_busy,     Verdict::not_alive,          Verdict::mmap_lock_wait,
      Verdict::no_vma, Verdict::no_permission, Verdict::not_migration_entry};

  Num slot{};
  Num mm{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrationEntryWait::slot, sort::entry_wait),
                  field("mm", &MigrationEntryWait::mm, sort::mm),
                  field("vpn", &MigrationEntryWait::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const auto waits =
        Bool(k.migration_wait_takes_page_ref) && is<D>(s.pte.at(mm, vpn).kind, PteKind::migration);
    return Guards<D>(k, name)
        .end_if("slot_busy", !is<D>(s.cpu_fault.at(slot).stage, CpuFaultStage::idle),
                Verdict::slot_busy)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_write_locked<D>(s, mm), Verdict::mmap_lock_wait)
        .end_if("no_vma", !vma.mapped, Verdict::no_vma)
        .end_if("vm_read", !vma.read, Verdict::no_permission)
        .end_if("not_migration_entry", !waits, Verdict::not_migration_entry)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    CpuFault<D> fault{};
    fault.stage = num<D>(CpuFaultStage::waiting);
    fault.mm = mm;
    fault.vpn = vpn;
    fault.pfn = s.pte.at(mm, vpn).pfn;
    if (does("begin")) s.cpu_fault.set(fault, slot);
    if (does("get_page")) get_page<D>(s, fault.pfn);
  }
};

}  // namespace hmm
