#pragma once
#include "model/migrate.h"
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

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for (const auto& pte : s.pte.slot) {
      Bool in_flight = false;
      for (const auto& e : s.migrate_entry.slot)
        in_flight = in_flight || (!is<D>(e.stage, EntryStage::none) && e.src == pte.pfn);
      all = all && implies(is<D>(pte.kind, PteKind::migration), in_flight);
    }
    for_each_entry<D>([&](unsigned m, unsigned v) {
      const auto e = s.migrate_entry.at(Num(m), Num(v));
      const auto src = s.page.at(e.src);
      const auto dst = s.page.at(e.dst);
      const auto moved = is<D>(e.stage, EntryStage::moved) && e.migrate;
      const auto hole = is_hole<D>(e);
      // A frame that its driver empties may be one that has just moved, and that a fault still
      // holds.
      Bool named = false;
      for (const auto& pte : s.pte.slot) named = named || pte.pfn == e.src;
      const auto left = s.migration.at(Num(m)).by_pfn && !src.anon && !named;
      all = all && implies(!is<D>(e.stage, EntryStage::none) && !hole && !left,
                           (src.anon || is_cached<D>(s, e.src)) != moved);
      // What fills a hole is mapped at once.
      all = all &&
            implies(e.has_dst, dst.anon == moved && ((hole && moved) || dst.mapcount == Num(0)));
      all = all && implies(!hole && !is<D>(e.stage, EntryStage::none) &&
                               !is<D>(e.stage, EntryStage::collected),
                           src.mapcount == Num(0));
    });
    return all;
  }
};

}  // namespace hmm
