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

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each<D>(sort::migration, [&](unsigned i) {
      const auto m = s.migration.at(Num(i));
      const auto idle = is<D>(m.stage, MigrationStage::idle);
      const auto setup = is<D>(m.stage, MigrationStage::setup);
      const auto inserting = is<D>(m.stage, MigrationStage::inserting);
      const auto running = is<D>(m.stage, MigrationStage::running) || inserting;
      const auto inv = s.invalidation.at(m.invalidation);
      all = all && implies(idle, m.mm == Num(0) && m.device == Num(0) && m.last == Num(0) &&
                                     !m.to_device && !m.for_fault && !m.by_pfn);
      all = all && implies(m.by_pfn, running && !inserting && !m.to_device && !m.for_fault &&
                                         m.mm == Num(0) && m.last == Num(0));
      all = all && implies(!m.for_fault, m.fault == Num(0));
      all = all && implies(!setup && !inserting, m.invalidation == Num(0));
      all = all && implies(inserting, is_op<D>(inv, RangeOp::insert) && inv.mm == m.mm);
      all = all && implies(setup, is_op<D>(inv, RangeOp::migrate) && inv.mm == m.mm);
      all = all && implies(!idle && !m.by_pfn, s.mm.at(m.mm).alive);
      const auto f = s.cpu_fault.at(m.fault);
      all = all && implies(m.for_fault, !m.to_device && is<D>(f.stage, CpuFaultStage::in_driver) &&
                                            f.mm == m.mm && is_memory_of<D>(f.pfn, m.device));
      for_each<D>(sort::migration, [&](unsigned j) {
        const auto other = s.migration.at(Num(j));
        if (i == j) return;
        all = all && implies(m.for_fault && other.for_fault, m.fault != other.fault);
        all = all && implies(setup || inserting, !opened<D>(other, m.invalidation));
      });
      for (unsigned v = 0; v < D::scope.vpns; ++v)
        for (unsigned w = v; w < D::scope.vpns; ++w)
          all = all && implies(setup && inv.covers.at(Num(v)),
                               inv.covers.at(Num(w)) == !(m.last < Num(w)));
      for (unsigned v = 0; v < D::scope.vpns; ++v) {
        const auto e = s.migrate_entry.at(Num(i), Num(v));
        const auto none = is<D>(e.stage, EntryStage::none);
        const auto copied = is<D>(e.stage, EntryStage::copied);
        const auto moved = is<D>(e.stage, EntryStage::moved);
        all = all && implies(none, e.src == Num(0) && e.dst == Num(0) && !e.has_dst && !e.migrate);
        const auto hole = is_hole<D>(e);
        const auto inserted = hole && moved && e.migrate;
        all = all && implies(!none, running);
        all = all && implies(hole, m.to_device && !is<D>(e.stage, EntryStage::collected));
        all = all && implies(!none, !(m.last < Num(v)));
        const auto vma = s.vma.at(m.mm, Num(v));
        all = all && implies(hole, !is_shared<D>(vma));
        all = all && implies(hole && e.has_dst && !inserted, s.page.at(e.dst).contents == Num(0));
        all = all && implies(!none && is_cached<D>(s, e.src),
                             !m.by_pfn && cached_page<D>(s, vma).pfn == e.src);
        for (unsigned w = v; w < D::scope.vpns; ++w)
          all = all &&
                implies(!none && !m.by_pfn && !(m.last < Num(w)), s.vma.at(m.mm, Num(w)).mapped);
        all = all && implies(inserting, waits_for_insert<D>(e) == inv.todo.at(Num(v)));
        all = all && implies(inserting || (hole && moved), none || copied || moved);
        all = all && implies(!none && !moved, e.migrate);
        all = all && implies(e.has_dst, copied || moved) && e.has_dst == (e.dst != Num(0));
        all = all && implies(moved && e.migrate, e.has_dst);
        if (k.migrate_vma_selects)
          all = all && implies(!none, ite(m.to_device, !is_zone_device_page<D>(e.src),
                                          is_memory_of<D>(e.src, m.device)));
        all = all && implies(e.has_dst, ite(m.to_device, is_memory_of<D>(e.dst, m.device),
                                            !is_zone_device_page<D>(e.dst)));
        const auto dst = s.page.at(e.dst);
        all = all && implies(e.has_dst && !inserted, !dst.anon_exclusive && dst.refcount == Num(1));
        all = all && implies(!hole && e.migrate && e.has_dst && moved,
                             s.page.at(e.src).refcount ==
                                 Num(1) + to_num(is_fault_page<D>(k, s, m, e.src)));
        all = all && implies(!none && !m.by_pfn, !s.page.at(e.src).anon_exclusive);
        for_each_entry<D>([&](unsigned j, unsigned w) {
          if (i == j && v == w) return;
          const auto o = s.migrate_entry.at(Num(j), Num(w));
          all = all && implies(!none && !hole, o.src != e.src && o.dst != e.src);
          all = all && implies(e.has_dst, o.dst != e.dst);
        });
        all = all && implies(!none && !hole, e.dst != e.src);
        for (const auto& i2 : s.invalidation.slot)
          all = all && implies(e.has_dst, i2.old_pfn != e.dst && i2.new_pfn != e.dst);
      }
    });
    // An entry that comes back writable or exclusive was collected where it stands, or its frame
    // was: whoever shares an anonymous page has it read-only, and rmap finds the others.
    for_each_pte<D>([&](const Num& mm, const Num& vpn) {
      const auto pte = s.pte.at(mm, vpn);
      Bool collected_here = false;
      for_each<D>(sort::migration, [&](unsigned i) {
        const auto m = s.migration.at(Num(i));
        collected_here =
            collected_here ||
            (!m.by_pfn && m.mm == mm && s.migrate_entry.at(Num(i), vpn).src == pte.pfn) ||
            (m.by_pfn && s.migrate_entry.at(Num(i), Num(0)).src == pte.pfn);
      });
      all = all && implies(is<D>(pte.kind, PteKind::migration) && !is_cached<D>(s, pte.pfn) &&
                               (pte.write || pte.exclusive),
                           collected_here);
    });
    for (const auto& inv : s.invalidation.slot) {
      Bool owned = false, unfinished = false;
      for (const auto& todo : inv.todo.slot) unfinished = unfinished || todo;
      for (const auto& m : s.migration.slot)
        owned =
            owned ||
            ((is<D>(m.stage, MigrationStage::setup) || is<D>(m.stage, MigrationStage::inserting)) &&
             same_range<D>(s, m, inv));
      all = all && implies(is_op<D>(inv, RangeOp::migrate) || is_op<D>(inv, RangeOp::insert),
                           owned == unfinished);
    }
    return all;
  }
};

}  // namespace hmm
