#pragma once
#include "model/pagemap.h"
#include "model/verdict.h"

namespace hmm {

// Somebody who has nothing but the number of a frame looks its struct dev_pagemap up.
//
// Kernel: mm/memremap.c get_dev_pagemap(), as mm/memory_hotplug.c pfn_to_online_page() and
// mm/memory-failure.c memory_failure() call it: one step, under rcu_read_lock(). One that is dying
// is not found.
// Simplified: one at a time has that of a device.
template <class D>
struct GetDevPagemap {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "get_dev_pagemap";
  static constexpr std::array verdicts{Verdict::ok, Verdict::slot_busy, Verdict::no_memory};

  Num device{};

  static constexpr auto fields() {
    return Fields{field("device", &GetDevPagemap::device, sort::mapped_device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto p = s.pagemap.at(device);
    Bool indexed = has_struct_pages<D>(p);
    if (!k.memunmap_unindexes_first) indexed = indexed || is<D>(p.stage, PagemapStage::reaped);
    return Guards<D>(k, name)
        .end_if("looked_up", p.looked_up, Verdict::slot_busy)
        .end_if("indexed", !indexed, Verdict::no_memory)
        .end_if("live", is<D>(p.stage, PagemapStage::dying), Verdict::no_memory)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    s.oops.dead_pagemap =
        s.oops.dead_pagemap || is<D>(s.pagemap.at(device).stage, PagemapStage::reaped);
    s.pagemap.update(
        [&](Pagemap<D>& p) {
          if (does("look_up")) p.looked_up = true;
          if (does("get")) p.refs = p.refs + Num(1);
        },
        device);
  }
};

}  // namespace hmm
