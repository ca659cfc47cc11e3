#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A driver that let go of its lock once it had looked at the sequence number puts a walk's result
// into the device page table.
//
// Kernel: lib/test_hmm.c dmirror_do_fault(), which keeps the lock: there it is one step with
// mmu_interval_read_retry(), whose caller has to (include/linux/mmu_notifier.h).
template <class D>
struct DmirrorDoFault {
  using Num = typename D::Num;
  static constexpr const char* name = "dmirror_do_fault";
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &DmirrorDoFault::slot, sort::device_fault)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(s.device_fault.at(slot).stage, DeviceFaultStage::checked),
                Verdict::wrong_stage)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    install_walk<D>(does, k, s, s.device_fault.at(slot));
    if (does("end")) s.device_fault.set(DeviceFault<D>{}, slot);
  }
};

}  // namespace hmm
