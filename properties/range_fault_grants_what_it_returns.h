#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: Documentation/mm/hmm.rst, "hmm_range_fault() ... returns 0 on success", with every page
// faulted in as HMM_PFN_REQ_WRITE asks: mm/hmm.c hmm_vma_handle_pte(); mm/rmap.c
// make_device_exclusive_range(): "marked for exclusive access only if the page pointer is
// non-NULL".
struct RangeFaultGrantsWhatItReturns {
  static constexpr const char* name = "range_fault_grants_what_it_returns";
  static constexpr const char* says =
      "hmm_range_fault() that was asked to write, and make_device_exclusive_range(), return a page "
      "that may be written, and nothing before they return";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    walk_to_write_grants_it,
    begun_fault_has_no_result,
    fresh_exclusion_that_is_done_may_write
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
      claim(Claim::walk_to_write_grants_it,
            is<D>(f.stage, DeviceFaultStage::walked) && f.want_write, f.write,
            row("device_fault", slot), row("pte", f.mm, f.vpn));
      claim(Claim::begun_fault_has_no_result, is<D>(f.stage, DeviceFaultStage::begun),
            f.pfn == typename D::Num(0) && !f.write, row("device_fault", slot));
      const auto todo = is<D>(f.stage, DeviceFaultStage::excluding) &&
                        s.invalidation.at(f.invalidation).todo.at(f.vpn);
      if (is_sequenced(k))
        claim(Claim::fresh_exclusion_that_is_done_may_write, is_excluding<D>(f) && f.fresh && !todo,
              f.write, row("device_fault", slot), row("invalidation", f.invalidation));
    });
  }
};

}  // namespace hmm
