#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/mmu_notifier.c mn_itree_inv_end() empties the list of what is put off when the last
// range closes.
struct NotifiersAreWellFormed {
  static constexpr const char* name = "notifiers_are_well_formed";
  static constexpr const char* says =
      "what is put off waits for a range; a notifier that is not there is blank";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    absent_notifier_is_blank,
    notifier_that_is_put_off_lets_nobody_walk,
    what_is_put_off_waits_for_a_range
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    if (D::scope.closings == 0) return;
    for_each_row(s.subscription, [&](const auto& sub, unsigned device, unsigned mm) {
      const auto here = row("subscription", device, mm);
      claim(Claim::absent_notifier_is_blank, is<D>(sub.stage, NotifierStage::absent), is_blank(sub),
            here);
      claim(Claim::notifier_that_is_put_off_lets_nobody_walk,
            is<D>(sub.stage, NotifierStage::deferred), sub.current, here);
      claim(Claim::what_is_put_off_waits_for_a_range,
            is<D>(sub.stage, NotifierStage::deferred) || is<D>(sub.stage, NotifierStage::removing),
            is_invalidating<D>(s, mm), here);
    });
  }
};

}  // namespace hmm
