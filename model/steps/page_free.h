#pragma once
#include "model/buffer.h"
#include "model/verdict.h"

namespace hmm {

// The driver of a device gets a frame back that nobody uses any more: it is on its list again, and
// what was behind it goes unless somebody else has that.
//
// Kernel: mm/memremap.c free_zone_device_folio(), which calls dev_pagemap_ops.page_free and then
// drops the reference on struct dev_pagemap; lib/test_hmm.c dmirror_devmem_free(). Whoever dropped
// the last reference of the page calls it, and others may come between.
template <class D>
struct PageFree {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "page_free";
  static constexpr std::array verdicts{Verdict::ok, Verdict::page_is_free, Verdict::page_in_use};

  Num pfn{};

  static constexpr auto fields() {
    return Fields{field("pfn", &PageFree::pfn, sort::buffered_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("in_use", !s.buffer.at(pfn).in_use, Verdict::page_is_free)
        .end_if("last", !is_free<D>(s, pfn), Verdict::page_in_use)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    s.oops.bad_buffer = s.oops.bad_buffer || !s.buffer.at(pfn).in_use;
    if (does("list")) s.buffer.update([](Buffer<D>& b) { b.in_use = false; }, pfn);
    if (k.pages_hold_pagemap && does("put_pagemap")) put_pagemap_of<D>(s, pfn, Bool(true));
  }
};

}  // namespace hmm
