#pragma once
#include "properties/property.h"

namespace hmm {

// The driver copies once all pages are unmapped, and they move once all are copied; what src[] says
// to the driver is so: it has the page alone, of the memory it asked for, and what has migrated has
// a place to be in.
//
// Kernel: mm/migrate_device.c migrate_vma_setup(): "once the pages are locked and unmapped, check
// whether each page is pinned or not", and "successfully migrated pages will have the
// MIGRATE_PFN_MIGRATE flag set".
struct MigrationGoesInOrder {
  static constexpr const char* name = "migration_goes_in_order";
  static constexpr const char* says =
      "a migration collects, unmaps, copies and moves in this order, and tells its driver nothing "
      "that is not so";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    page_is_copied_once_all_are_unmapped,
    page_moves_once_all_are_copied,
    insert_comes_after_the_copies,
    entry_that_has_not_moved_migrates,
    moved_page_has_a_destination,
    filled_hole_was_inserted,
    source_to_device_is_system_memory,
    source_from_device_is_memory_of_the_device,
    unmapped_source_is_not_held,
    setup_has_its_range,
    insert_has_its_range,
    range_with_pages_to_do_has_its_migration
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.migration, [&](const auto& m, unsigned slot) {
      ranges(s, m, slot, claim);
      for_each<D, sort::vpn>([&](unsigned vpn) {
        const auto e = s.migrate_entry.at(slot, vpn);
        order(s, m, e, slot, vpn, claim);
        truth(k, s, m, e, slot, vpn, claim);
      });
    });
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      typename D::Bool owned = false;
      for (const auto& m : s.migration.slot) owned = owned || opened<D>(m, slot);
      const auto of_migration = is_op<D>(inv, RangeOp::migrate) || is_op<D>(inv, RangeOp::insert);
      claim(Claim::range_with_pages_to_do_has_its_migration, of_migration && any_of(inv.todo),
            owned, row("invalidation", slot));
    });
  }

 private:
  template <class D, class Visit>
  static void order(const State<D>& s, const Migration<D>& m, const MigrateEntry<D>& e,
                    unsigned slot, unsigned vpn, const Visit& claim) {
    const auto here = row("migrate_entry", slot, vpn), whole = row("migration", slot);
    const auto moved = is<D>(e.stage, EntryStage::moved);
    const auto past_copy = is<D>(e.stage, EntryStage::copied) || moved;
    const auto there = !is<D>(e.stage, EntryStage::none);
    claim(Claim::insert_comes_after_the_copies, is<D>(m.stage, MigrationStage::inserting) && there,
          past_copy, here, whole);
    for_each<D, sort::vpn>([&](unsigned v) {
      const auto other = s.migrate_entry.at(slot, v);
      const auto at = row("migrate_entry", slot, v);
      claim(Claim::page_is_copied_once_all_are_unmapped, past_copy,
            !is<D>(other.stage, EntryStage::collected), here, at);
      claim(Claim::page_moves_once_all_are_copied, moved, !is<D>(other.stage, EntryStage::unmapped),
            here, at);
    });
  }

  template <class D, class Visit>
  static void truth(const Profile& k, const State<D>& s, const Migration<D>& m,
                    const MigrateEntry<D>& e, unsigned slot, unsigned vpn, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migrate_entry", slot, vpn), whole = row("migration", slot);
    const auto src = s.page.at(e.src);
    const auto there = !is<D>(e.stage, EntryStage::none), hole = is_hole<D>(e);
    const auto moved = is<D>(e.stage, EntryStage::moved);
    claim(Claim::entry_that_has_not_moved_migrates, there && !moved, e.migrate, here);
    claim(Claim::moved_page_has_a_destination, moved && e.migrate, e.has_dst, here);
    // It stays marked when its mapping is gone: nobody forks while the mmap lock is held.
    if (k.anon_exclusive)
      claim(Claim::filled_hole_was_inserted, hole && moved && e.migrate,
            s.page.at(e.dst).anon_exclusive, here, row("page", e.dst));
    if (k.migrate_vma_selects) {
      claim(Claim::source_to_device_is_system_memory, there && m.to_device,
            !is_zone_device_page<D>(e.src), here, whole);
      claim(Claim::source_from_device_is_memory_of_the_device, there && !m.to_device,
            is_memory_of<D>(e.src, m.device), here, whole);
    }
    claim(Claim::unmapped_source_is_not_held,
          there && !is<D>(e.stage, EntryStage::collected) && !hole,
          src.gets == Num(0) && src.pins == Num(0), here, row("page", e.src));
  }

  // Its notifier range.
  template <class D, class Visit>
  static void ranges(const State<D>& s, const Migration<D>& m, unsigned slot, const Visit& claim) {
    const auto here = row("migration", slot), there = row("invalidation", m.invalidation);
    const auto inv = s.invalidation.at(m.invalidation);
    claim(Claim::setup_has_its_range, is<D>(m.stage, MigrationStage::setup),
          is_op<D>(inv, RangeOp::migrate) && inv.mm == m.mm, here, there);
    claim(Claim::insert_has_its_range, is<D>(m.stage, MigrationStage::inserting),
          is_op<D>(inv, RangeOp::insert) && inv.mm == m.mm, here, there);
  }
};

}  // namespace hmm
