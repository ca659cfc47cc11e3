#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The walk of a device fault reads the CPU's pte.
//
// Kernel: mm/hmm.c hmm_range_fault(), hmm_vma_walk_test(), hmm_vma_handle_pte(): one step, under
// the pte lock, with the mmap lock held for reading. Where a CPU fault is needed the walk waits for
// one (needs_fault), as hmm_vma_fault() makes it happen and walks again.
template <class D>
struct HmmRangeFault {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "hmm_range_fault";
  static constexpr std::array verdicts{Verdict::ok,
                                       Verdict::retry,
                                       Verdict::efault,
                                       Verdict::eperm,
                                       Verdict::wrong_stage,
                                       Verdict::mmap_lock_wait,
                                       Verdict::migration_entry_wait,
                                       Verdict::needs_fault};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &HmmRangeFault::slot, sort::device_fault)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const Filters<D> checks(k, name);
    const auto f = s.device_fault.at(slot);
    const auto vma = s.vma.at(f.mm, f.vpn);
    const auto pte = s.pte.at(f.mm, f.vpn);
    const auto present = is<D>(pte.kind, PteKind::present);
    Bool own = is<D>(pte.kind, PteKind::device_private);
    if (k.owner_filter && checks("owner")) own = own && is_memory_of<D>(pte.pfn, f.device);
    Bool satisfied = own;
    if (!k.range_fault_ignores_write && checks("private_write"))
      satisfied = own && (!f.want_write || pte.write);
    const Bool unreadable = !present || !pte.read;
    const Bool read_only = Bool(checks("read_only")) && f.want_write && !pte.write;
    const auto needs = (unreadable || read_only) && !satisfied;
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(f.stage, DeviceFaultStage::begun), Verdict::wrong_stage)
        .end_if("mmap_lock", mmap_write_locked<D>(s, f.mm), Verdict::mmap_lock_wait)
        .end_if("retry", Bool(k.mmu_interval_notifier) && !f.fresh, Verdict::retry)
        .end_if("no_vma", !vma.mapped, Verdict::efault)
        .end_if("vm_read", !vma.read, Verdict::efault)
        .end_if("migration_entry", is<D>(pte.kind, PteKind::migration),
                Verdict::migration_entry_wait)
        .end_if("vm_write",
                Bool(k.range_fault_checks_vm_write) && needs && f.want_write && !vma.write,
                Verdict::eperm)
        .end_if("needs_fault", needs, Verdict::needs_fault)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto before = s.device_fault.at(slot);
    const auto pte = s.pte.at(before.mm, before.vpn);
    const auto ok = is<D>(verdict, Verdict::ok);
    s.device_fault.update(
        [&](DeviceFault<D>& f) {
          if (does("end")) when(!ok, f, [](DeviceFault<D>& x) { x = DeviceFault<D>{}; });
          when(ok, f, [&](DeviceFault<D>& x) {
            if (does("stage")) x.stage = num<D>(DeviceFaultStage::walked);
            if (does("pfn")) x.pfn = pte.pfn;
            if (does("write")) x.write = pte.write;
          });
        },
        slot);
  }
};

}  // namespace hmm
