#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/migrate_device.c migrate_device_unmap(), migrate_device_finalize().
struct LocksAreReleased {
  static constexpr const char* name = "locks_are_released";
  static constexpr const char* says =
      "nothing stays locked or off the LRU once nothing is in flight";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_page<D>([&](const Num& pfn) {
      const auto page = s.page.at(pfn);
      Num holders(0);
      Bool isolated = false;
      for (const auto& e : s.migrate_entry.slot) {
        const auto src = !is<D>(e.stage, EntryStage::none) && e.src == pfn;
        const auto dst = e.has_dst && e.dst == pfn;
        holders = holders + to_num(src || dst);
        isolated = isolated || dst || (src && !is<D>(e.stage, EntryStage::collected));
      }
      for (const auto& inv : s.invalidation.slot) isolated = isolated || inv.new_pfn == pfn;
      for (const auto& inv : s.invalidation.slot)
        holders = holders + to_num(is_op<D>(inv, RangeOp::restore) && inv.old_pfn == pfn);
      for (const auto& f : s.device_fault.slot)
        holders = holders + to_num(is_excluding<D>(f) && f.pfn == pfn);
      all = all && holders == to_num(page.locked);
      const auto on_list = has_lru<D>(pfn) && !is_free<D>(s, pfn) && !isolated;
      all = all && page.lru == on_list;
    });
    return all;
  }
};

}  // namespace hmm
