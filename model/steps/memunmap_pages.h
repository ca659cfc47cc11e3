#pragma once
#include "model/pagemap.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// The removal of a device's memory has waited until nobody has a reference on its struct
// dev_pagemap, and takes the struct pages away.
//
// Kernel: mm/memremap.c memunmap_pages(), which waits for pgmap->done, and pageunmap_range(), which
// ends with pgmap_array_delete().
template <class D>
struct MemunmapPages {
  using Num = typename D::Num;
  static constexpr const char* name = "memunmap_pages";
  static constexpr Retrier retrier = Retrier::memunmap;
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage, Verdict::pagemap_in_use};

  Num device{};

  static constexpr auto fields() {
    return Fields{field("device", &MemunmapPages::device, sort::mapped_device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto p = s.pagemap.at(device);
    return Guards<D>(k, name)
        .end_if("killed", !is<D>(p.stage, PagemapStage::dying), Verdict::wrong_stage)
        .end_if("wait", p.refs != Num(0), Verdict::pagemap_in_use)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("remove_pages"))
      s.pagemap.update([](Pagemap<D>& p) { p.stage = num<D>(PagemapStage::reaped); }, device);
  }
};

}  // namespace hmm
