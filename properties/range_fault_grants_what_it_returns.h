#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: Documentation/mm/hmm.rst, "hmm_range_fault() ... returns 0 on success", with every page
// faulted in as HMM_PFN_REQ_WRITE asks: mm/hmm.c hmm_vma_handle_pte().
struct RangeFaultGrantsWhatItReturns {
  static constexpr const char* name = "range_fault_grants_what_it_returns";
  static constexpr const char* says =
      "hmm_range_fault() that was asked to write returns a page that may be written";
  static constexpr bool is_strengthening = false;
  enum class Claim { walk_to_write_grants_it };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
      claim(Claim::walk_to_write_grants_it,
            is<D>(f.stage, DeviceFaultStage::walked) && f.want_write, f.write,
            row("device_fault", slot), row("pte", f.mm, f.vpn));
    });
  }
};

}  // namespace hmm
