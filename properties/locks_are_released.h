#pragma once
#include "model/holders.h"
#include "properties/property.h"

namespace hmm {

// Kernel: mm/migrate_device.c migrate_device_unmap(), migrate_device_finalize().
struct LocksAreReleased {
  static constexpr const char* name = "locks_are_released";
  static constexpr const char* says =
      "nothing stays locked or off the LRU once nothing is in flight";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    locked_page_has_one_owner,
    unlocked_page_has_none,
    page_in_use_is_on_the_lru,
    other_page_is_off_the_lru
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    const auto held = held_frames<D>(k, s);
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      const auto all = held.at(pfn);
      const auto here = row("page", pfn);
      claim(Claim::locked_page_has_one_owner, page.locked, all.locks == Num(1), here);
      claim(Claim::unlocked_page_has_none, !page.locked, all.locks == Num(0), here);
      const auto on_list = has_lru<D>(pfn) && !is_free<D>(s, pfn) && !all.isolated;
      claim(Claim::page_in_use_is_on_the_lru, on_list, page.lru, here);
      claim(Claim::other_page_is_off_the_lru, !on_list, !page.lru, here);
    });
  }
};

}  // namespace hmm
