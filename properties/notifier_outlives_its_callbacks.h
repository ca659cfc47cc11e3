#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/mmu_notifier.c mmu_interval_notifier_remove() sleeps until no range is open that may
// call the notifier; lib/test_hmm.c dmirror_fops_release() frees it then.
struct NotifierOutlivesItsCallbacks {
  static constexpr const char* name = "notifier_outlives_its_callbacks";
  static constexpr const char* says =
      "no callback, walk or entry is of a notifier that is not there";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    callback_is_of_a_notifier_in_the_tree,
    listed_notifier_is_not_freed,
    entry_has_its_notifier,
    walk_has_its_notifier,
    child_has_no_notifier_of_another
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    if (D::scope.closings == 0) return;
    for_each_row(s.subscription, [&](const auto& sub, unsigned device, unsigned mm) {
      const auto here = row("subscription", device, mm);
      claim(Claim::listed_notifier_is_not_freed, !is<D>(sub.stage, NotifierStage::absent),
            !is<D>(sub.stage, NotifierStage::freed), here);
      for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
        claim(Claim::callback_is_of_a_notifier_in_the_tree,
              !is_op<D>(inv, RangeOp::none) && inv.mm == typename D::Num(mm) &&
                  inv.pending.at(device),
              is_in_itree<D>(sub), row("invalidation", slot), here);
        claim(Claim::child_has_no_notifier_of_another,
              is_op<D>(inv, RangeOp::fork) && inv.child == typename D::Num(mm),
              is<D>(sub.stage, NotifierStage::absent), row("invalidation", slot), here);
      });
      for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
        claim(Claim::walk_has_its_notifier,
              !is<D>(f.stage, DeviceFaultStage::idle) && f.device == typename D::Num(device) &&
                  f.mm == typename D::Num(mm),
              is_subscribed<D>(sub), row("device_fault", slot), here);
      });
    });
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      claim(Claim::entry_has_its_notifier, mirror.valid,
            is<D>(s.subscription.at(device, mm).stage, NotifierStage::inserted),
            row("mirror", device, mm, vpn), row("subscription", device, mm));
    });
  }
};

}  // namespace hmm
