#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A notifier whose removal was put off leaves the tree, after the number of the address space
// moved.
//
// Kernel: mm/mmu_notifier.c mn_itree_inv_end() before 319561669a59: who waited for the number did
// not wait for the list. Elsewhere it is one step with the end of the last range. Simplified: all
// others, who take the lock that is held from the one to the other, may come between as well.
template <class D>
struct MnItreeInvEnd {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mn_itree_inv_end";
  static constexpr Retrier retrier = Retrier::unsubscribe;
  static constexpr std::array verdicts{Verdict::ok, Verdict::invalidating, Verdict::no_mirror};

  Num device{};
  Num mm{};

  static constexpr auto fields() {
    return Fields{field("device", &MnItreeInvEnd::device, sort::closing_device),
                  field("mm", &MnItreeInvEnd::mm, sort::mirrored_mm)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto removing = is<D>(s.subscription.at(device, mm).stage, NotifierStage::removing);
    return Guards<D>(k, name)
        .end_if("invalidating", is_invalidating<D>(s, mm), Verdict::invalidating)
        .end_if("deferred", !removing, Verdict::no_mirror)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("drain"))
      s.subscription.update([](Subscription<D>& sub) { drain_removed<D>(sub, Bool(true)); }, device,
                            mm);
  }
};

}  // namespace hmm
