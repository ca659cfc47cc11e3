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
  enum class Claim { held_page_counts_its_holders, page_that_nobody_holds_counts_none };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      const Num held = holders_of<D>(k, s, page, pfn);
      claim(Claim::held_page_counts_its_holders, held != Num(0), page.refcount == held,
            row("page", pfn));
      claim(Claim::page_that_nobody_holds_counts_none, held == Num(0), page.refcount == held,
            row("page", pfn));
    });
  }

 private:
  template <class D>
  static typename D::Num holders_of(const Profile& k, const State<D>& s, const Page<D>& page,
                                    const typename D::Num& pfn) {
    auto held = page.gets + page.pins;
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
    return held;
  }
};

}  // namespace hmm
