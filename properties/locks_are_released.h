#pragma once
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
    using Bool = typename D::Bool;
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      Num owners(0);
      Bool isolated = false;
      for (const auto& e : s.migrate_entry.slot) {
        const auto src = !is<D>(e.stage, EntryStage::none) && e.src == Num(pfn);
        const auto dst = e.has_dst && e.dst == Num(pfn);
        owners = owners + to_num(src || dst);
        isolated = isolated || dst || (src && !is<D>(e.stage, EntryStage::collected));
      }
      for (const auto& inv : s.invalidation.slot) {
        isolated = isolated || inv.new_pfn == Num(pfn);
        owners = owners + to_num(is_op<D>(inv, RangeOp::restore) && inv.old_pfn == Num(pfn));
      }
      for (const auto& f : s.device_fault.slot)
        owners = owners + to_num(is_excluding<D>(f) && f.pfn == Num(pfn));
      const auto here = row("page", pfn);
      claim(Claim::locked_page_has_one_owner, page.locked, owners == Num(1), here);
      claim(Claim::unlocked_page_has_none, !page.locked, owners == Num(0), here);
      const auto on_list = !is_zone_device_page<D>(pfn) && !is_free<D>(s, pfn) && !isolated;
      claim(Claim::page_in_use_is_on_the_lru, on_list, page.lru, here);
      claim(Claim::other_page_is_off_the_lru, !on_list, !page.lru, here);
    });
  }
};

}  // namespace hmm
