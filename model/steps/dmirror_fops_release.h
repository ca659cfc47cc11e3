#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// Who removed a notifier has waited for the last range to close: it is freed.
//
// Kernel: lib/test_hmm.c dmirror_fops_release() after mm/mmu_notifier.c
// mmu_interval_notifier_remove(), which waits for mmu_interval_seq_released().
template <class D>
struct DmirrorFopsRelease {
  using Num = typename D::Num;
  static constexpr const char* name = "dmirror_fops_release";
  static constexpr Retrier retrier = Retrier::unsubscribe;
  static constexpr std::array verdicts{Verdict::ok, Verdict::no_mirror, Verdict::invalidating};

  Num device{};
  Num mm{};

  static constexpr auto fields() {
    return Fields{field("device", &DmirrorFopsRelease::device, sort::closing_device),
                  field("mm", &DmirrorFopsRelease::mm, sort::mirrored_mm)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto sub = s.subscription.at(device, mm);
    const auto leaves =
        is<D>(sub.stage, NotifierStage::removing) || is<D>(sub.stage, NotifierStage::removed);
    auto waits = is<D>(sub.stage, NotifierStage::removing);
    if (!k.removal_waits_for_drain) waits = waits && is_invalidating<D>(s, mm);
    return Guards<D>(k, name)
        .end_if("removed", !leaves, Verdict::no_mirror)
        .end_if("wait", waits, Verdict::invalidating)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto is_listed = is<D>(s.subscription.at(device, mm).stage, NotifierStage::removing);
    Subscription<D> gone{};
    gone.stage = ite(is_listed, num<D>(NotifierStage::freed), num<D>(NotifierStage::absent));
    if (does("free_notifier")) s.subscription.set(gone, device, mm);
  }
};

}  // namespace hmm
