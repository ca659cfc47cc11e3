#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: lib/test_hmm.c dmirror_allocate_chunk(), which requests addresses of private memory only.
struct PagemapsAreWellFormed {
  static constexpr const char* name = "pagemaps_are_well_formed";
  static constexpr const char* says =
      "memory that is not there is blank, and nobody requests addresses of coherent memory";
  static constexpr bool is_strengthening = true;
  enum class Claim { absent_memory_is_blank, coherent_memory_is_not_requested };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.pagemap, [&](const auto& p, unsigned device) {
      const auto here = row("pagemap", device);
      claim(Claim::absent_memory_is_blank, is<D>(p.stage, PagemapStage::absent), is_blank(p), here);
      if (is_coherent_device(D::scope, device))
        claim(Claim::coherent_memory_is_not_requested, true,
              !is<D>(p.stage, PagemapStage::requested), here);
    });
  }
};

}  // namespace hmm
