#pragma once
#include "model/migrate.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// A collected page is isolated, unmapped wherever else it is mapped, and checked for references
// that nobody accounts for; if it has any, it is restored and the migration goes on without it.
//
// Kernel: mm/migrate_device.c migrate_device_unmap(), migrate_vma_check_page(), mm/rmap.c
// try_to_migrate_one() of the vmas that map the page; rmap_walk steps are the others. The page is
// locked throughout.
// Simplified: the notifier pair that try_to_migrate_one() runs around each other mapping, and that
// change, are one step: between them the device can only be told to wait.
template <class D>
struct MigrateDeviceUnmap {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_device_unmap";
  static constexpr std::array verdicts{Verdict::ok, Verdict::restored, Verdict::wrong_stage};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateDeviceUnmap::slot, sort::migration),
                  field("vpn", &MigrateDeviceUnmap::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto m = s.migration.at(slot);
    const auto entry = s.migrate_entry.at(slot, vpn);
    const auto page = s.page.at(entry.src);
    // Every mapping will be gone: what is left must be ours, the faulting CPU's, and, a left-over
    // of the time when a free device page had one reference, one more for a device page.
    const Filters<D> checks(k, name);
    const Bool of_fault = Bool(checks("own_fault")) && is_fault_page<D>(k, s, m, entry.src);
    const Bool forgiven = Bool(k.unmap_forgives_device_ref) && is_zone_device_page<D>(entry.src);
    const Num ours = Num(1) + page.mapcount + to_num(of_fault) + to_num(forgiven) +
                     to_num(is_cached<D>(s, entry.src) || is_in_swap_cache<D>(s, entry.src));
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(m.stage, MigrationStage::running), Verdict::wrong_stage)
        .end_if("not_collected", !is<D>(entry.stage, EntryStage::collected), Verdict::wrong_stage)
        .end_if("still_mapped", !unmaps(k, s, entry.src) && page.mapcount != Num(0),
                Verdict::restored)
        .end_if("refcount", Bool(k.unmap_checks_refcount) && ours < page.refcount,
                Verdict::restored)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Num src = s.migrate_entry.at(slot, vpn).src;
    if (does("try_to_migrate"))
      for_each<D, sort::mm>([&](unsigned other) {
        for (unsigned v = 0; v < D::scope.vpns; ++v)
          when(is_mapping<D>(k, s.pte.at(Num(other), Num(v)), src), s,
               [&](State<D>& t) { try_to_migrate_one(k, t, Num(other), Num(v)); });
      });
    if (does("isolate_lru")) s.page.update([](Page<D>& p) { p.lru = false; }, src);
    const auto ok = is<D>(verdict, Verdict::ok);
    if (does("stage"))
      when(ok, s, [&](State<D>& t) {
        t.migrate_entry.update([](MigrateEntry<D>& e) { e.stage = num<D>(EntryStage::unmapped); },
                               slot, vpn);
      });
    when(!ok, s, [&](State<D>& t) { restore(does, k, t, src); });
  }

 private:
  // A page that will not be migrated goes back to where it was: on the LRU, unlocked, put.
  void restore(const Effects<D>& does, const Profile& k, State<D>& s, const Num& src) const {
    if (does("remove_migration_ptes")) remove_migration_ptes<D>(k, s, src, src);
    if (does("putback_lru")) s.page.update([&](Page<D>& p) { p.lru = has_lru<D>(src); }, src);
    const Bool of_fault = is_locked_by_fault<D>(k, s, s.migration.at(slot), src);
    if (does("unlock_page")) when(!of_fault, s, [&](State<D>& t) { unlock_page<D>(t, src); });
    if (does("put_page")) put_page<D>(k, s, src);
    if (does("end")) s.migrate_entry.set(MigrateEntry<D>{}, slot, vpn);
  }

  // Whether the rmap walk of the source finds its entries in other address spaces, and unmaps them:
  // folio_try_share_anon_rmap_pte() fails for an exclusive page that may be pinned.
  static Bool unmaps(const Profile& k, const State<D>& s, const Num& src) {
    const Filters<D> checks(k, "try_to_migrate_one");
    const auto page = s.page.at(src);
    return (Bool(k.rmap_finds_private) || !is_device_private_page<D>(src)) &&
           !(Bool(checks("pin")) && page.anon_exclusive && page.pins != Num(0));
  }
  // The devices are told whether or not the page is then unmapped.
  static void try_to_migrate_one(const Profile& k, State<D>& s, const Num& mm, const Num& vpn) {
    const Effects<D> does(k, "try_to_migrate_one");
    tell<D>(does, k, s, mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    when(unmaps(k, s, pte.pfn), s, [&](State<D>& t) {
      const auto entry = migration_pte<D>(does, pte, t.page.at(pte.pfn).anon_exclusive);
      if (does("set_pte")) t.pte.set(entry, mm, vpn);
      if (does("mark_dirty")) mark_dirty<D>(t, pte.pfn, pte.dirty);
      if (does("clear_anon_exclusive"))
        t.page.update([](Page<D>& p) { p.anon_exclusive = false; }, pte.pfn);
      if (does("remove_rmap")) remove_rmap<D>(t, pte.pfn);
      if (does("put_page")) put_page<D>(k, t, pte.pfn);
    });
  }
};

}  // namespace hmm
