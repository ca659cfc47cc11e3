#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: include/linux/mm_types.h page._refcount; who holds what is the table of
// mm/migrate.c folio_expected_ref_count() and its callers.
struct RefcountIsAccounted {
  static constexpr const char* name = "refcount_is_accounted";
  static constexpr const char* says =
      "each page's reference count is exactly the holders the state knows";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_page<D>([&](const Num& pfn) {
      Num held = s.page.at(pfn).gets + s.page.at(pfn).pins;
      for (const auto& pte : s.pte.slot)
        held = held + to_num(maps<D>(pte, pfn) || excludes<D>(pte, pfn));
      for (const auto& c : s.cached.slot) held = held + to_num(c.pfn == pfn);
      for (const auto& f : s.device_fault.slot)
        held = held + to_num(is_excluding<D>(f) && f.pfn == pfn);
      for (const auto& e : s.migrate_entry.slot) {
        held = held + to_num(!is<D>(e.stage, EntryStage::none) && e.src == pfn);
        held = held + to_num(e.has_dst && e.dst == pfn);
      }
      if (k.fault_takes_page_ref)
        for (const auto& f : s.cpu_fault.slot)
          held = held + to_num(!is<D>(f.stage, CpuFaultStage::idle) && f.pfn == pfn);
      for (const auto& inv : s.invalidation.slot)
        held = held + to_num(inv.old_pfn == pfn) + to_num(inv.new_pfn == pfn);
      all = all && s.page.at(pfn).refcount == held;
    });
    return all;
  }
};

}  // namespace hmm
