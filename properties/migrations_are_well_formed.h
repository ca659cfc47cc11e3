#pragma once
#include "properties/property.h"

namespace hmm {

// A page is in one migration only, as the page lock promises, and a fault waits for exactly the
// migration that its driver started.
//
// Kernel: mm/migrate_device.c migrate_vma_collect_pmd() folio_trylock().
struct MigrationsAreWellFormed {
  static constexpr const char* name = "migrations_are_well_formed";
  static constexpr const char* says = "struct migrate_vma, its arrays and its CPU fault agree";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    // struct migrate_vma.
    idle_migration_is_blank,
    eviction_has_no_address_range,
    eviction_comes_home,
    only_migration_for_a_fault_has_one,
    migration_for_a_fault_comes_home,
    fault_waits_for_its_migration,
    fault_is_on_memory_of_the_device,
    fault_has_its_page_collected_only,
    fault_has_one_migration,
    // Its notifier range.
    only_setup_and_insert_have_a_range,
    range_has_one_migration,
    range_ends_at_the_last_page,
    range_that_is_done_has_none,
    // One page of it.
    absent_entry_is_blank,
    entry_is_of_a_running_migration,
    entry_is_not_beyond_the_last_page,
    vmas_reach_to_the_last_page,
    hole_is_filled_on_the_device,
    hole_has_nothing_to_unmap,
    hole_is_of_private_memory,
    insert_waits_for_what_fills_a_hole,
    // What it has in src[].
    cached_source_is_not_evicted,
    cached_source_is_of_the_vma,
    moved_source_has_one_reference,
    source_is_in_one_entry,
    source_is_no_destination,
    source_is_not_its_own_destination,
    // And in dst[].
    destination_is_a_page,
    entry_without_destination_names_none,
    destination_comes_with_the_copy,
    destination_has_one_reference,
    what_fills_a_hole_reads_as_zero,
    destination_is_in_one_entry,
    destination_is_held_by_no_range,
    inserted_page_is_mapped_where_it_was_inserted,
    // What stands in the page tables meanwhile.
    owning_migration_entry_was_collected_there
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.migration, [&](const auto& m, unsigned slot) {
      migration(m, slot, claim);
      for_fault(s, m, slot, claim);
      range(s, m, slot, claim);
      for_each<D, sort::vpn>([&](unsigned vpn) {
        const auto e = s.migrate_entry.at(slot, vpn);
        entry(s, m, e, slot, vpn, claim);
        source(s, m, e, slot, vpn, claim);
        moved_source(k, s, m, e, slot, vpn, claim);
        destination(s, m, e, slot, vpn, claim);
        other_entries(s, e, slot, vpn, claim);
      });
    });
    owning_entries(s, claim);
    ranges(s, claim);
  }

 private:
  template <class D>
  static typename D::Bool has_range(const Migration<D>& m) {
    return is<D>(m.stage, MigrationStage::setup) || is<D>(m.stage, MigrationStage::inserting);
  }

  template <class D, class Visit>
  static void migration(const Migration<D>& m, unsigned slot, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migration", slot);
    const auto idle = is<D>(m.stage, MigrationStage::idle);
    claim(Claim::idle_migration_is_blank, idle, is_blank(m), here);
    claim(Claim::eviction_has_no_address_range, m.by_pfn,
          is<D>(m.stage, MigrationStage::running) && m.mm == Num(0) && m.last == Num(0), here);
    claim(Claim::eviction_comes_home, m.by_pfn, !m.to_device && !m.for_fault, here);
  }

  template <class D, class Visit>
  static void for_fault(const State<D>& s, const Migration<D>& m, unsigned slot,
                        const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migration", slot), fault = row("cpu_fault", m.fault);
    const auto f = s.cpu_fault.at(m.fault);
    claim(Claim::only_migration_for_a_fault_has_one, !m.for_fault, m.fault == Num(0), here);
    claim(Claim::migration_for_a_fault_comes_home, m.for_fault, !m.to_device, here);
    claim(Claim::fault_waits_for_its_migration, m.for_fault,
          is<D>(f.stage, CpuFaultStage::in_driver) && f.mm == m.mm, here, fault);
    claim(Claim::fault_is_on_memory_of_the_device, m.for_fault, is_memory_of<D>(f.pfn, m.device),
          here, fault);
    const auto collects = m.for_fault && is<D>(m.stage, MigrationStage::setup);
    for_each<D, sort::vpn>([&](unsigned v) {
      claim(Claim::fault_has_its_page_collected_only,
            collects && s.invalidation.at(m.invalidation).covers.at(v), f.vpn == Num(v), here,
            fault, row("invalidation", m.invalidation));
    });
    for_each_row(s.migration, [&](const auto& other, unsigned o) {
      if (o != slot)
        claim(Claim::fault_has_one_migration, m.for_fault && other.for_fault,
              m.fault != other.fault, here, row("migration", o));
    });
  }

  template <class D, class Visit>
  static void range(const State<D>& s, const Migration<D>& m, unsigned slot, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migration", slot), there = row("invalidation", m.invalidation);
    const auto setup = is<D>(m.stage, MigrationStage::setup);
    const auto inv = s.invalidation.at(m.invalidation);
    claim(Claim::only_setup_and_insert_have_a_range, !has_range<D>(m), m.invalidation == Num(0),
          here);
    for_each_row(s.migration, [&](const auto& other, unsigned o) {
      if (o != slot)
        claim(Claim::range_has_one_migration, has_range<D>(m), !opened<D>(other, m.invalidation),
              here, row("migration", o));
    });
    for_each<D, sort::vpn>([&](unsigned v) {
      for_each<D, sort::vpn>([&](unsigned w) {
        if (w >= v)
          claim(Claim::range_ends_at_the_last_page, setup && inv.covers.at(v),
                inv.covers.at(w) == !(m.last < Num(w)), here, there);
      });
    });
  }

  template <class D, class Visit>
  static void entry(const State<D>& s, const Migration<D>& m, const MigrateEntry<D>& e,
                    unsigned slot, unsigned vpn, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migrate_entry", slot, vpn), whole = row("migration", slot);
    const auto none = is<D>(e.stage, EntryStage::none);
    const auto inserting = is<D>(m.stage, MigrationStage::inserting);
    const auto running = is<D>(m.stage, MigrationStage::running) || inserting;
    claim(Claim::absent_entry_is_blank, none, is_blank(e), here);
    claim(Claim::entry_is_of_a_running_migration, !none, running, here, whole);
    claim(Claim::entry_is_not_beyond_the_last_page, !none, !(m.last < Num(vpn)), here, whole);
    for_each<D, sort::vpn>([&](unsigned w) {
      if (w >= vpn)
        claim(Claim::vmas_reach_to_the_last_page, !none && !m.by_pfn && !(m.last < Num(w)),
              s.vma.at(m.mm, w).mapped, here, whole, row("vma", m.mm, w));
    });
    const auto hole = is_hole<D>(e);
    claim(Claim::hole_is_filled_on_the_device, hole, m.to_device, here, whole);
    claim(Claim::hole_has_nothing_to_unmap, hole, !is<D>(e.stage, EntryStage::collected), here);
    claim(Claim::hole_is_of_private_memory, hole, !is_shared<D>(s.vma.at(m.mm, vpn)), here,
          row("vma", m.mm, vpn));
    claim(Claim::insert_waits_for_what_fills_a_hole, inserting,
          waits_for_insert<D>(e) == s.invalidation.at(m.invalidation).todo.at(vpn), here, whole,
          row("invalidation", m.invalidation));
  }

  template <class D, class Visit>
  static void source(const State<D>& s, const Migration<D>& m, const MigrateEntry<D>& e,
                     unsigned slot, unsigned vpn, const Visit& claim) {
    const auto here = row("migrate_entry", slot, vpn);
    const auto there = !is<D>(e.stage, EntryStage::none);
    const auto cached = there && is_cached<D>(s, e.src);
    claim(Claim::cached_source_is_not_evicted, cached, !m.by_pfn, here, row("migration", slot));
    claim(Claim::cached_source_is_of_the_vma, cached,
          cached_page<D>(s, s.vma.at(m.mm, vpn)).pfn == e.src, here, row("vma", m.mm, vpn));
  }

  template <class D, class Visit>
  static void moved_source(const Profile& k, const State<D>& s, const Migration<D>& m,
                           const MigrateEntry<D>& e, unsigned slot, unsigned vpn,
                           const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migrate_entry", slot, vpn);
    const auto moved = is<D>(e.stage, EntryStage::moved) && e.migrate;
    Num references = Num(1) + to_num(is_fault_page<D>(k, s, m, e.src));
    for (const auto& f : s.cpu_fault.slot)
      references = references + to_num(is<D>(f.stage, CpuFaultStage::waiting) && f.pfn == e.src);
    claim(Claim::moved_source_has_one_reference, moved && e.has_dst && !is_hole<D>(e),
          s.page.at(e.src).refcount == references, here, row("page", e.src));
  }

  template <class D, class Visit>
  static void destination(const State<D>& s, const Migration<D>& m, const MigrateEntry<D>& e,
                          unsigned slot, unsigned vpn, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migrate_entry", slot, vpn), there = row("page", e.dst);
    const auto page = s.page.at(e.dst);
    const auto moved = is<D>(e.stage, EntryStage::moved);
    const auto waits = e.has_dst && !(is_hole<D>(e) && moved && e.migrate);
    claim(Claim::destination_is_a_page, e.has_dst, e.dst != Num(0), here);
    claim(Claim::entry_without_destination_names_none, !e.has_dst, e.dst == Num(0), here);
    claim(Claim::destination_comes_with_the_copy, e.has_dst,
          is<D>(e.stage, EntryStage::copied) || moved, here);
    claim(Claim::destination_has_one_reference, waits, page.refcount == Num(1), here, there);
    claim(Claim::what_fills_a_hole_reads_as_zero, waits && is_hole<D>(e), page.contents == Num(0),
          here, there);
    inserted(s, m, e, slot, vpn, claim);
    for_each_row(s.invalidation, [&](const auto& inv, unsigned i) {
      claim(Claim::destination_is_held_by_no_range, e.has_dst,
            inv.old_pfn != e.dst && inv.new_pfn != e.dst, here, row("invalidation", i));
    });
  }

  // Nobody forks while the page is locked and the mmap lock held.
  template <class D, class Visit>
  static void inserted(const State<D>& s, const Migration<D>& m, const MigrateEntry<D>& e,
                       unsigned slot, unsigned vpn, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("migrate_entry", slot, vpn);
    const auto inserted =
        e.has_dst && is_hole<D>(e) && is<D>(e.stage, EntryStage::moved) && e.migrate;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned v) {
      claim(Claim::inserted_page_is_mapped_where_it_was_inserted, inserted && maps<D>(pte, e.dst),
            m.mm == Num(mm) && typename D::Bool(v == vpn), here, row("pte", mm, v));
    });
  }

  template <class D, class Visit>
  static void other_entries(const State<D>& s, const MigrateEntry<D>& e, unsigned slot,
                            unsigned vpn, const Visit& claim) {
    const auto here = row("migrate_entry", slot, vpn);
    const auto has_src = !is<D>(e.stage, EntryStage::none) && !is_hole<D>(e);
    claim(Claim::source_is_not_its_own_destination, has_src, e.dst != e.src, here);
    for_each_row(s.migrate_entry, [&](const auto& other, unsigned o, unsigned v) {
      if (o == slot && v == vpn) return;
      const auto there = row("migrate_entry", o, v);
      claim(Claim::source_is_in_one_entry, has_src, other.src != e.src, here, there);
      claim(Claim::source_is_no_destination, has_src, other.dst != e.src, here, there);
      claim(Claim::destination_is_in_one_entry, e.has_dst, other.dst != e.dst, here, there);
    });
  }

  // An entry that comes back writable or exclusive was collected where it stands, or its frame was:
  // whoever shares an anonymous page has it read-only, and rmap finds the others.
  template <class D, class Visit>
  static void owning_entries(const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      Bool collected = false;
      for_each_row(s.migration, [&](const auto& m, unsigned slot) {
        const auto at = [&](unsigned v) { return s.migrate_entry.at(slot, v).src == pte.pfn; };
        collected = collected || (!m.by_pfn && m.mm == Num(mm) && at(vpn)) || (m.by_pfn && at(0));
      });
      claim(Claim::owning_migration_entry_was_collected_there,
            is<D>(pte.kind, PteKind::migration) && !is_cached<D>(s, pte.pfn) &&
                (pte.write || pte.exclusive),
            collected, row("pte", mm, vpn), row("page", pte.pfn));
    });
  }

  template <class D, class Visit>
  static void ranges(const State<D>& s, const Visit& claim) {
    using Bool = typename D::Bool;
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      Bool owned = false;
      for (const auto& m : s.migration.slot) owned = owned || opened<D>(m, slot);
      const auto here = row("invalidation", slot);
      const auto of_migration = is_op<D>(inv, RangeOp::migrate) || is_op<D>(inv, RangeOp::insert);
      claim(Claim::range_that_is_done_has_none, of_migration && !any_of(inv.todo), !owned, here);
    });
  }
};

}  // namespace hmm
