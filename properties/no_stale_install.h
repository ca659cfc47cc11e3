#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/mmu_notifier.c mmu_interval_read_begin(), and its comment on the retry.
struct NoStaleInstall {
  static constexpr const char* name = "no_stale_install";
  static constexpr const char* says =
      "no mirror entry is installed from a walk that an invalidation overtook";
  static constexpr bool is_strengthening = false;
  enum class Claim { no_stale_walk_was_installed };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    claim(Claim::no_stale_walk_was_installed, true, !s.oops.stale_install, row("oops"));
  }
};

}  // namespace hmm
