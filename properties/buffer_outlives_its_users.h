#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c free_zone_device_folio() calls dev_pagemap_ops.page_free once, when nobody
// has the page any more, and lib/test_hmm.c dmirror_devmem_free() lists it then; "drm/xe/svm: Fix a
// potential bo UAF" (6.15).
struct BufferOutlivesItsUsers {
  static constexpr const char* name = "buffer_outlives_its_users";
  static constexpr const char* says =
      "a frame in use is on no list of its driver, and no driver touches a buffer that is gone";
  static constexpr bool is_strengthening = false;
  enum class Claim { frame_in_use_is_not_listed, no_buffer_is_used_that_is_gone };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    if (D::scope.buffers == 0) return;
    for_each_row(s.buffer, [&](const auto& buffer, unsigned pfn) {
      claim(Claim::frame_in_use_is_not_listed, s.page.at(pfn).refcount != typename D::Num(0),
            buffer.in_use, row("buffer", pfn), row("page", pfn));
    });
    claim(Claim::no_buffer_is_used_that_is_gone, typename D::Bool(true), !s.oops.bad_buffer,
          row("oops"));
  }
};

}  // namespace hmm
