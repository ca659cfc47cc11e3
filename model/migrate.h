#pragma once
#include "model/file.h"
#include "model/notifier.h"

// mm/migrate_device.c and mm/migrate.c, where several steps share a rule.
namespace hmm {

// The effects are the caller's.
template <class D>
void begin_migration(const Effects<D>& does, State<D>& s, const typename D::Num& slot,
                     const typename D::Num& invalidation, const typename D::Num& mm,
                     const typename D::Num& device, const typename D::Bool& to_device,
                     const typename D::Num& first, const typename D::Num& last) {
  Migration<D> m{};
  m.stage = num<D>(MigrationStage::setup);
  m.mm = mm;
  m.device = device;
  m.invalidation = invalidation;
  m.last = last;
  m.to_device = to_device;
  if (does("begin")) s.migration.set(m, slot);
  open_range<D>(does, s, invalidation, RangeOp::migrate, mm, first, last);
}

// A hole: nothing to unmap or copy, and the driver may fill it.
template <class D>
typename D::Bool is_hole(const MigrateEntry<D>& entry) {
  return !is<D>(entry.stage, EntryStage::none) && entry.src == typename D::Num(0);
}

// A hole that the driver has filled, and that migrate_vma_pages() has not put in place yet.
template <class D>
typename D::Bool waits_for_insert(const MigrateEntry<D>& entry) {
  return is_hole<D>(entry) && is<D>(entry.stage, EntryStage::copied) && entry.has_dst;
}

// The migration has this notifier range open.
template <class D>
typename D::Bool opened(const Migration<D>& m, const typename D::Num& invalidation) {
  return (is<D>(m.stage, MigrationStage::setup) || is<D>(m.stage, MigrationStage::inserting)) &&
         m.invalidation == invalidation;
}

// The page is migrate_vma.fault_page, on which the faulting CPU holds a reference. A kernel whose
// faults take none passes none.
template <class D>
typename D::Bool is_fault_page(const Profile& k, const State<D>& s, const Migration<D>& m,
                               const typename D::Num& pfn) {
  return
      typename D::Bool(k.fault_takes_page_ref) && m.for_fault && s.cpu_fault.at(m.fault).pfn == pfn;
}

// The faulting CPU has the lock of its page, and whoever migrates it leaves that alone.
template <class D>
typename D::Bool is_locked_by_fault(const Profile& k, const State<D>& s, const Migration<D>& m,
                                    const typename D::Num& pfn) {
  if (!k.fault_locks_page) return typename D::Bool(false);
  return is_fault_page<D>(k, s, m, pfn);
}

// mm/migrate_device.c migrate_vma_collect_pmd(), mm/rmap.c try_to_migrate_one(): writable entries
// stay writable, and what was exclusive stays so.
// Simplified: the entry has no dirty bit, as in a kernel without CONFIG_SWAP.
// The effects are the caller's.
template <class D>
Pte<D> migration_pte(const Effects<D>& does, const Pte<D>& pte,
                     const typename D::Bool& anon_exclusive) {
  Pte<D> entry = made_swap_entry<D>(pte, PteKind::migration, false, false);
  if (does("keep_write")) entry.write = pte.write;
  if (does("keep_exclusive")) entry.exclusive = !pte.write && anon_exclusive;
  if (!does("keep_soft_dirty")) entry.soft_dirty = false;
  return entry;
}

// What maps the page in a vma, in place of the entry: a device private one, or a present one.
template <class D>
Pte<D> mapping_pte(const Pte<D>& entry, const typename D::Num& pfn, const Vma<D>& vma,
                   const typename D::Bool& write) {
  const auto device_private = is_device_private_page<D>(pfn);
  Pte<D> pte = made_present<D>(entry, pfn, !device_private && vma.read, write);
  pte.kind = ite(device_private, num<D>(PteKind::device_private), num<D>(PteKind::present));
  return pte;
}

// mm/migrate.c remove_migration_pte() for every entry that names src.
template <class D>
void remove_migration_ptes(const Profile& k, State<D>& s, const typename D::Num& src,
                           const typename D::Num& dst) {
  using Bool = typename D::Bool;
  using Num = typename D::Num;
  const Effects<D> does(k, "remove_migration_pte");
  const Filters<D> checks(k, "remove_migration_pte");
  for (std::size_t i = 0; i < s.pte.size; ++i) {
    const Num mm(s.pte.index_of(i, 0)), vpn(s.pte.index_of(i, 1));
    if (!k.finalize_restores_others && s.pte.index_of(i, 0) != 0) continue;
    Bool taken = migrates<D>(s.pte.slot[i], src), mistaken = false;
    if (k.restore_takes_exclusive) mistaken = excludes<D>(s.pte.slot[i], src);
    when(taken || mistaken, s, [&](State<D>& t) {
      const auto entry = t.pte.slot[i];
      const auto vma = t.vma.at(mm, vpn);
      Bool write = Bool(does("keep_write")) && entry.write && !mistaken;
      if (k.restore_checks_vm_write && checks("vm_write")) write = write && vma.write;
      if (!k.restore_keeps_write_bit) write = vma.write;
      write = write || (Bool(does("page_prot")) && maps_writable<D>(vma));
      // Whatever is not a readable migration entry.
      const auto exclusive = entry.write || entry.exclusive || mistaken;
      Pte<D> pte = mapping_pte<D>(entry, dst, vma, write);
      if (!does("keep_soft_dirty")) pte.soft_dirty = false;
      if (does("set_pte")) t.pte.slot[i] = pte;
      if (does("get_page")) get_page<D>(t, dst);
      if (does("add_rmap")) add_rmap<D>(t, dst);
      if (k.anon_exclusive && does("anon_exclusive"))
        t.page.update(
            [&](Page<D>& p) { p.anon_exclusive = p.anon_exclusive || (exclusive && p.anon); }, dst);
    });
  }
}

// The driver has control, and this page of the migration waits for it.
template <class D>
typename D::Bool is_ready_to_copy(const State<D>& s, const typename D::Num& slot,
                                  const typename D::Num& vpn) {
  using Num = typename D::Num;
  typename D::Bool unmapping = false;
  for (unsigned v = 0; v < D::scope.vpns; ++v)
    unmapping = unmapping || is<D>(s.migrate_entry.at(slot, Num(v)).stage, EntryStage::collected);
  return is<D>(s.migration.at(slot).stage, MigrationStage::running) && !unmapping &&
         is<D>(s.migrate_entry.at(slot, vpn).stage, EntryStage::unmapped);
}

}  // namespace hmm
