#pragma once
#include "model/migrate.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// The struct page moves: the destination becomes the anonymous page, if the source has exactly the
// references that are accounted for.
//
// A page of the page cache does not move to a device, one of the swap cache without its slot.
//
// Kernel: mm/migrate_device.c __migrate_device_pages(), mm/migrate.c folio_migrate_mapping(),
// folio_migrate_flags(). Both pages are locked.
template <class D>
struct MigrateVmaPages {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_vma_pages";
  static constexpr std::array verdicts{Verdict::ok, Verdict::refused, Verdict::wrong_stage};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateVmaPages::slot, sort::migration),
                  field("vpn", &MigrateVmaPages::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto m = s.migration.at(slot);
    const auto entry = s.migrate_entry.at(slot, vpn);
    Bool copying = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      copying = copying || is<D>(s.migrate_entry.at(slot, Num(v)).stage, EntryStage::unmapped);
    Bool exact = true;
    const auto cached = is_cached<D>(s, entry.src) || is_in_swap_cache<D>(s, entry.src);
    if (k.unmap_checks_refcount)
      exact = s.page.at(entry.src).refcount ==
              Num(1) + to_num(cached) + to_num(is_fault_page<D>(k, s, m, entry.src));
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(m.stage, MigrationStage::running), Verdict::wrong_stage)
        .end_if("not_copied", !is<D>(entry.stage, EntryStage::copied), Verdict::wrong_stage)
        .end_if("copying", copying, Verdict::wrong_stage)
        .end_if("waits_for_insert", waits_for_insert<D>(entry), Verdict::wrong_stage)
        .end_if("no_dst", !entry.has_dst, Verdict::refused)
        .end_if("swap_cache",
                is_in_swap_cache<D>(s, entry.src) &&
                    !(Bool(k.migrate_frees_swap) && can_free_swap<D>(s, entry.src)),
                Verdict::refused)
        .end_if("refcount", !exact, Verdict::refused)
        .end_if("cached", Bool(k.migrate_refuses_cached) && is_cached<D>(s, entry.src),
                Verdict::refused)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto entry = s.migrate_entry.at(slot, vpn);
    const auto ok = is<D>(verdict, Verdict::ok);
    // The slot is given up before the references are counted.
    if (k.migrate_frees_swap && does("free_swap"))
      when(entry.has_dst, s, [&](State<D>& t) { free_swap<D>(k, t, entry.src); });
    s.migrate_entry.update(
        [&](MigrateEntry<D>& e) {
          if (does("stage")) e.stage = num<D>(EntryStage::moved);
          if (does("refuse")) e.migrate = ok;
        },
        slot, vpn);
    when(ok, s, [&](State<D>& t) {
      if constexpr (D::scope.lazyfrees != 0) folio_migrate_flags(k, t, entry);
      t.page.update(
          [&](Page<D>& p) {
            if (does("clear_mapping")) p.anon = false;
            if (does("clear_anon_exclusive")) p.anon_exclusive = false;
          },
          entry.src);
      if (does("set_mapping")) t.page.update([](Page<D>& p) { p.anon = true; }, entry.dst);
    });
  }

 private:
  static void folio_migrate_flags(const Profile& k, State<D>& s, const MigrateEntry<D>& entry) {
    const Effects<D> does(k, "folio_migrate_flags");
    const auto src = s.page.at(entry.src);
    s.page.update(
        [&](Page<D>& p) {
          if (does("dirty_page")) p.dirty = p.dirty || src.dirty;
          if (does("lazyfree")) p.lazyfree = src.lazyfree;
        },
        entry.dst);
    // It is about to be freed, and its flags are nobody's.
    s.page.update(
        [](Page<D>& p) {
          p.dirty = false;
          p.lazyfree = false;
        },
        entry.src);
  }
};

}  // namespace hmm
