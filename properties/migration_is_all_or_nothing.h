#pragma once
#include "properties/property.h"

namespace hmm {

// A migration entry stands only while its page is in flight, and the struct page is in one place:
// the source until migrate_vma_pages(), then the destination.
//
// Kernel: mm/migrate_device.c migrate_vma_pages(), migrate_device_finalize().
struct MigrationIsAllOrNothing {
  static constexpr const char* name = "migration_is_all_or_nothing";
  static constexpr const char* says =
      "a migration leaves each page in exactly one place, and no migration entry behind";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    migration_entry_has_its_migration,
    source_is_in_use_until_it_moves,
    source_is_left_once_it_has_moved,
    destination_is_in_use_once_it_is_moved_to,
    destination_is_unused_until_then,
    destination_is_not_mapped,
    unmapped_source_is_not_mapped
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Bool = typename D::Bool;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      Bool in_flight = false;
      for (const auto& e : s.migrate_entry.slot)
        in_flight = in_flight || (!is<D>(e.stage, EntryStage::none) && e.src == pte.pfn);
      claim(Claim::migration_entry_has_its_migration, is<D>(pte.kind, PteKind::migration),
            in_flight, row("pte", mm, vpn), row("page", pte.pfn));
    });
    for_each_row(s.migrate_entry, [&](const auto& e, unsigned slot, unsigned vpn) {
      entry(s, e, slot, vpn, claim);
    });
  }

 private:
  template <class D, class Visit>
  static void entry(const State<D>& s, const MigrateEntry<D>& e, unsigned slot, unsigned vpn,
                    const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    const auto here = row("migrate_entry", slot, vpn);
    const auto source = row("page", e.src), destination = row("page", e.dst);
    const auto src = s.page.at(e.src), dst = s.page.at(e.dst);
    const auto moved = is<D>(e.stage, EntryStage::moved) && e.migrate;
    const auto has_src = !is<D>(e.stage, EntryStage::none) && !is_hole<D>(e);
    // A frame that its driver empties may be one that has just moved, and that a fault still holds.
    Bool named = false;
    for (const auto& pte : s.pte.slot) named = named || pte.pfn == e.src;
    const auto left = s.migration.at(slot).by_pfn && !src.anon && !named;
    const auto in_use = src.anon || is_cached<D>(s, e.src);
    claim(Claim::source_is_in_use_until_it_moves, has_src && !left && !moved, in_use, here, source);
    claim(Claim::source_is_left_once_it_has_moved, has_src && !left && moved, !in_use, here,
          source);
    claim(Claim::destination_is_in_use_once_it_is_moved_to, e.has_dst && moved, dst.anon, here,
          destination);
    claim(Claim::destination_is_unused_until_then, e.has_dst && !moved, !dst.anon, here,
          destination);
    // What fills a hole is mapped at once.
    claim(Claim::destination_is_not_mapped, e.has_dst && !(is_hole<D>(e) && moved),
          dst.mapcount == Num(0), here, destination);
    claim(Claim::unmapped_source_is_not_mapped, has_src && !is<D>(e.stage, EntryStage::collected),
          src.mapcount == Num(0), here, source);
  }
};

}  // namespace hmm
