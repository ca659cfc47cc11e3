#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/mmu_notifier.c mmu_interval_read_begin(), and its comment on the retry.
struct NoStaleInstall {
  static constexpr const char* name = "no_stale_install";
  static constexpr const char* says =
      "no mirror entry is installed from a walk that an invalidation overtook";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Bool = typename D::Bool;
    Bool all = true;
    all = !s.oops.stale_install;
    return all;
  }
};

}  // namespace hmm
