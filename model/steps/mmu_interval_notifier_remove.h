#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A driver stops to mirror an address space, of which it handles no fault any more: it drops its
// entries and removes its notifier. While a range is open that stays in the tree, and whoever
// removes it sleeps.
//
// Kernel: mm/mmu_notifier.c mmu_interval_notifier_remove(), as drivers with a device behind their
// entries call it; lib/test_hmm.c dmirror_fops_release(), whose entries nobody reaches any more,
// drops them after it. 4.14 mm/hmm.c hmm_mirror_unregister() waits for the callback that runs, and
// no later one of the range comes.
template <class D>
struct MmuIntervalNotifierRemove {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mmu_interval_notifier_remove";
  static constexpr Retrier retrier = Retrier::unsubscribe;
  static constexpr std::array verdicts{Verdict::ok, Verdict::no_mirror, Verdict::in_flight};

  Num device{};
  Num mm{};

  static constexpr auto fields() {
    return Fields{field("device", &MmuIntervalNotifierRemove::device, sort::closing_device),
                  field("mm", &MmuIntervalNotifierRemove::mm, sort::mirrored_mm)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool walking = false;
    for (const auto& f : s.device_fault.slot)
      walking =
          walking || (!is<D>(f.stage, DeviceFaultStage::idle) && f.device == device && f.mm == mm);
    return Guards<D>(k, name)
        .end_if("subscribed", !is_subscribed<D>(s.subscription.at(device, mm)), Verdict::no_mirror)
        .end_if("device_fault", walking, Verdict::in_flight)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("clear_mirror"))
      for (unsigned v = 0; v < D::scope.vpns; ++v) s.mirror.set(Mirror<D>{}, device, mm, Num(v));
    const Bool invalidating =
        Bool(does("defer") && k.mmu_interval_notifier) && is_invalidating<D>(s, mm);
    if (!k.mmu_interval_notifier && does("forget_callbacks"))
      for (auto& inv : s.invalidation.slot)
        for_each<D, sort::closing_device>([&](unsigned d) {
          inv.pending.slot[d] = inv.pending.slot[d] && !(inv.mm == mm && device == Num(d));
        });
    s.subscription.update(
        [&](Subscription<D>& sub) {
          const Bool waits = invalidating && is<D>(sub.stage, NotifierStage::inserted);
          if (does("remove"))
            sub.stage = ite(waits, num<D>(NotifierStage::removing), num<D>(NotifierStage::removed));
        },
        device, mm);
  }
};

}  // namespace hmm
