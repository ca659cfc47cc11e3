#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A driver begins to remove its memory: from here on nobody gets a reference on the struct
// dev_pagemap, and the driver hands no frame out. What is in use stays so until somebody brings it
// home.
//
// Kernel: mm/memremap.c memunmap_pages(), include/linux/percpu-refcount.h percpu_ref_kill().
template <class D>
struct PercpuRefKill {
  using Num = typename D::Num;
  static constexpr const char* name = "percpu_ref_kill";
  static constexpr Retrier retrier = Retrier::memunmap;
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage};

  Num device{};

  static constexpr auto fields() {
    return Fields{field("device", &PercpuRefKill::device, sort::mapped_device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("live", !is_live<D>(s, device), Verdict::wrong_stage)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    s.oops.dead_pagemap = s.oops.dead_pagemap || !is_live<D>(s, device);
    if (does("kill"))
      s.pagemap.update([](Pagemap<D>& p) { p.stage = num<D>(PagemapStage::dying); }, device);
  }
};

}  // namespace hmm
