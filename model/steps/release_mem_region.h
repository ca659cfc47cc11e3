#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A driver gives the addresses back that it requested for its memory.
//
// Kernel: kernel/resource.c __release_region(), as lib/test_hmm.c dmirror_device_remove_chunks()
// calls it after memunmap_pages(), and dmirror_allocate_chunk() where memremap_pages() fails.
template <class D>
struct ReleaseMemRegion {
  using Num = typename D::Num;
  static constexpr const char* name = "release_mem_region";
  static constexpr Retrier retrier = Retrier::memunmap;
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage};

  Num device{};

  static constexpr auto fields() {
    return Fields{field("device", &ReleaseMemRegion::device, sort::mapped_device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("requested", !is<D>(s.pagemap.at(device).stage, PagemapStage::requested),
                Verdict::wrong_stage)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("release_range")) s.pagemap.set(Pagemap<D>{}, device);
  }
};

}  // namespace hmm
