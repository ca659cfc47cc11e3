#pragma once
#include "properties/property.h"

namespace hmm {

// A page that is marked exclusive is mapped once and may be written there without a copy; while it
// migrates its entry remembers that instead. So who pinned an anonymous page, or took it to write,
// keeps what the process has.
//
// Kernel: include/linux/page-flags.h SetPageAnonExclusive(), mm/rmap.c __folio_add_anon_rmap() and
// mm/gup.c sanity_check_pinned_pages(), mm/memory.c do_swap_page() each have a BUG_ON() or a
// warning of it; include/linux/rmap.h folio_try_share_anon_rmap_pte().
struct ExclusivePageIsNotShared {
  static constexpr const char* name = "exclusive_page_is_not_shared";
  static constexpr const char* says =
      "a page marked exclusive is anonymous, mapped once and not in flight; who pinned a page or "
      "took it to write has it exclusive";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    exclusive_page_is_anonymous,
    exclusive_page_is_mapped_once_at_most,
    exclusive_page_has_no_swap_entry,
    pinned_anonymous_page_is_exclusive,
    page_held_for_writing_is_of_one_address,
    migration_entry_names_no_exclusive_page,
    migration_source_is_not_exclusive,
    migration_destination_is_not_exclusive
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      const auto here = row("page", pfn);
      claim(Claim::exclusive_page_is_anonymous, page.anon_exclusive, page.anon, here);
      claim(Claim::exclusive_page_is_mapped_once_at_most, page.anon_exclusive,
            page.mapcount < Num(2), here);
      for_each_row(s.swap_slot, [&](const auto& swap, unsigned slot) {
        claim(Claim::exclusive_page_has_no_swap_entry, page.anon_exclusive && caches<D>(swap, pfn),
              swap.count == Num(0), here, row("swap_slot", slot));
      });
      claim(Claim::pinned_anonymous_page_is_exclusive, page.pins != Num(0) && page.anon,
            page.anon_exclusive, here);
    });
    if (k.anon_exclusive)
      for_each_row(s.gup, [&](const auto& hold, unsigned slot) {
        claim(Claim::page_held_for_writing_is_of_one_address,
              hold.pfn != Num(0) && hold.write && !is_cached<D>(s, hold.pfn),
              is_owning<D>(s, s.pte.at(hold.mm, hold.vpn)), row("gup", slot),
              row("pte", hold.mm, hold.vpn), row("page", hold.pfn));
      });
    in_flight(s, claim);
  }

 private:
  template <class D, class Visit>
  static void in_flight(const State<D>& s, const Visit& claim) {
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      claim(Claim::migration_entry_names_no_exclusive_page, is<D>(pte.kind, PteKind::migration),
            !s.page.at(pte.pfn).anon_exclusive, row("pte", mm, vpn), row("page", pte.pfn));
    });
    for_each_row(s.migrate_entry, [&](const auto& e, unsigned slot, unsigned vpn) {
      const auto here = row("migrate_entry", slot, vpn);
      // A frame that its driver empties may still be mapped.
      claim(Claim::migration_source_is_not_exclusive,
            !is<D>(e.stage, EntryStage::none) && !s.migration.at(slot).by_pfn,
            !s.page.at(e.src).anon_exclusive, here, row("page", e.src));
      // Until what fills a hole is mapped.
      const auto inserted = is_hole<D>(e) && is<D>(e.stage, EntryStage::moved) && e.migrate;
      claim(Claim::migration_destination_is_not_exclusive, e.has_dst && !inserted,
            !s.page.at(e.dst).anon_exclusive, here, row("page", e.dst));
    });
  }
};

}  // namespace hmm
