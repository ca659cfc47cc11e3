#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c free_zone_device_folio(), mm/page_alloc.c free_pages_prepare().
struct FreeExactlyOnce {
  static constexpr const char* name = "free_exactly_once";
  static constexpr const char* says =
      "a page is freed once, by its last reference, and nobody names it afterwards";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    all = !s.oops.bad_put;
    for_each_page<D>([&](const Num& pfn) {
      Bool named = false;
      for (const auto& pte : s.pte.slot) named = named || pte.pfn == pfn;
      for (const auto& c : s.cached.slot) named = named || c.pfn == pfn;
      for (const auto& f : s.device_fault.slot)
        named = named || (is_excluding<D>(f) && f.pfn == pfn);
      for (const auto& m : s.mirror.slot) named = named || m.pfn == pfn;
      for (const auto& e : s.migrate_entry.slot) named = named || e.src == pfn || e.dst == pfn;
      for (const auto& f : s.cpu_fault.slot) named = named || f.pfn == pfn;
      for (const auto& inv : s.invalidation.slot)
        named = named || inv.old_pfn == pfn || inv.new_pfn == pfn;
      all = all && implies(is_free<D>(s, pfn), !named);
    });
    return all;
  }
};

}  // namespace hmm
