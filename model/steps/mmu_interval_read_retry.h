#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The driver commits a walk's result to the device page table, unless an invalidation overtook it.
//
// Kernel: include/linux/mmu_notifier.h mmu_interval_read_retry(), then the driver's own update, as
// in lib/test_hmm.c dmirror_do_fault(): one step, under the driver's lock; of one who lets go of it
// first the update is dmirror_do_fault. Write was asked and not given (the caller's own private
// page behind a readable entry, or a page that could not be made exclusive) is -EFAULT. A page that
// was made exclusive is unlocked and put after that.
template <class D>
struct MmuIntervalReadRetry {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mmu_interval_read_retry";
  static constexpr std::array verdicts{Verdict::ok, Verdict::retry, Verdict::efault,
                                       Verdict::wrong_stage};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &MmuIntervalReadRetry::slot, sort::device_fault)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto f = s.device_fault.at(slot);
    return Guards<D>(k, name)
        .end_if("wrong_stage",
                !is<D>(f.stage, DeviceFaultStage::walked) &&
                    !is<D>(f.stage, DeviceFaultStage::excluded),
                Verdict::wrong_stage)
        .end_if("retry", Bool(k.commit_checks_seq) && !f.fresh, Verdict::retry)
        .end_if("read_only", f.want_write && !f.write, Verdict::efault)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto f = s.device_fault.at(slot);
    const Bool ok = is<D>(verdict, Verdict::ok);
    Bool goes_on = false;  // without the lock
    if (!k.commit_holds_lock) goes_on = ok && is<D>(f.stage, DeviceFaultStage::walked);
    when(ok && !goes_on, s, [&](State<D>& t) { install_walk<D>(does, k, t, f); });
    when(is<D>(f.stage, DeviceFaultStage::excluded), s, [&](State<D>& t) {
      if (does("unlock_page")) unlock_page<D>(t, f.pfn);
      if (does("put_page")) put_page<D>(k, t, f.pfn);
    });
    when(!goes_on, s, [&](State<D>& t) {
      if (does("end")) t.device_fault.set(DeviceFault<D>{}, slot);
    });
    if (!k.commit_holds_lock)
      when(goes_on, s, [&](State<D>& t) {
        t.device_fault.update(
            [](DeviceFault<D>& x) { x.stage = num<D>(DeviceFaultStage::checked); }, slot);
      });
  }
};

}  // namespace hmm
