#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// The struct dev_pagemap is not used any more. A driver that requested addresses for its memory
// still has them.
//
// Kernel: mm/memremap.c memunmap_pages(), percpu_ref_exit(). Before 1e57ffb6e3fd that came first,
// and the addresses were still in pgmap_array (memunmap_unindexes_first).
template <class D>
struct MemunmapPagesEnd {
  using Num = typename D::Num;
  static constexpr const char* name = "memunmap_pages_end";
  static constexpr Retrier retrier = Retrier::memunmap;
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage};

  Num device{};

  static constexpr auto fields() {
    return Fields{field("device", &MemunmapPagesEnd::device, sort::mapped_device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("reaped", !is<D>(s.pagemap.at(device).stage, PagemapStage::reaped),
                Verdict::wrong_stage)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto coherent = has_coherent_memory<D>(device);
    s.pagemap.update(
        [&](Pagemap<D>& p) {
          if (!does("exit")) return;
          p.stage = ite(coherent, num<D>(PagemapStage::absent), num<D>(PagemapStage::requested));
          p.region = ite(coherent, Num(0), p.region);
        },
        device);
  }
};

}  // namespace hmm
