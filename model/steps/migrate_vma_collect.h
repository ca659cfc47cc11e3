#pragma once
#include "model/migrate.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// Collect: each page of the range that is wanted and can be locked becomes a migration entry.
//
// Kernel: mm/migrate_device.c migrate_vma_collect_pmd(): one step, under the pte lock of the whole
// pmd, after the callbacks of its range; migrate_vma_collect_hole(). Simplified: on the way to
// system memory holes are offered too, and no driver fills them; here they are left out.
template <class D>
struct MigrateVmaCollect {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_vma_collect";
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage, Verdict::still_pending};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateVmaCollect::slot, sort::migration)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto m = s.migration.at(slot);
    const auto inv = s.invalidation.at(m.invalidation);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(m.stage, MigrationStage::setup), Verdict::wrong_stage)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::still_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Filters<D> checks(k, name);
    const auto m = s.migration.at(slot);
    const auto inv = s.invalidation.at(m.invalidation);
    for (unsigned v = 0; v < D::scope.vpns; ++v) {
      const auto pte = s.pte.at(m.mm, Num(v));
      const auto page = s.page.at(pte.pfn);
      const auto present = is<D>(pte.kind, PteKind::present) && !is_zero_pfn<D>(pte.pfn);
      const auto zone_device = is_zone_device_page<D>(pte.pfn);
      Bool owned = is<D>(pte.kind, PteKind::device_private) || (present && zone_device);
      if (k.owner_filter && checks("owner")) owned = owned && is_memory_of<D>(pte.pfn, m.device);
      Bool wanted = present || owned;
      if (k.migrate_vma_selects && checks("flags"))
        wanted = ite(m.to_device, present && !zone_device, owned);
      if (checks("trylock"))
        wanted = wanted && (!page.locked || is_locked_by_fault<D>(k, s, m, pte.pfn));
      if (k.collect_checks_pin && checks("pin"))  // folio_try_share_anon_rmap_pte()
        wanted = wanted && !(page.anon_exclusive && page.pins != Num(0));
      when(inv.covers.slot[v] && wanted, s,
           [&](State<D>& t) { collect_page(does, k, t, m, Num(v), pte, page); });
      Bool hole = Bool(does("collect_hole")) && is_hole<D>(pte);
      if (checks("vma_shared")) hole = hole && !is_shared<D>(s.vma.at(m.mm, Num(v)));
      when(inv.covers.slot[v] && m.to_device && hole, s, [&](State<D>& t) {
        MigrateEntry<D> entry{};
        entry.stage = num<D>(EntryStage::unmapped);
        entry.migrate = true;
        t.migrate_entry.set(entry, slot, Num(v));
      });
    }
    if (does("stage"))
      s.migration.update(
          [](Migration<D>& x) {
            x.stage = num<D>(MigrationStage::running);
            x.invalidation = Num(0);
          },
          slot);
    if (does("done"))
      s.invalidation.update(
          [](Invalidation<D>& i) {
            for (auto& todo : i.todo.slot) todo = false;
          },
          m.invalidation);
  }

 private:
  // The pte's reference becomes collect's; its rmap goes.
  void collect_page(const Effects<D>& does, const Profile& k, State<D>& s, const Migration<D>& m,
                    const Num& vpn, const Pte<D>& pte, const Page<D>& page) const {
    Pte<D> from = pte;
    if (!k.collect_keeps_private_write)
      from.write = from.write && is<D>(pte.kind, PteKind::present);
    const auto moving = migration_pte<D>(does, from, page.anon_exclusive);
    if (does("set_pte")) s.pte.set(moving, m.mm, vpn);
    if (k.collect_marks_dirty && does("mark_dirty")) mark_dirty<D>(s, pte.pfn, pte.dirty);
    if (does("remove_rmap")) remove_rmap<D>(s, pte.pfn);
    if (does("lock_page")) lock_page<D>(s, pte.pfn);
    if (does("clear_anon_exclusive"))
      s.page.update([](Page<D>& p) { p.anon_exclusive = false; }, pte.pfn);
    MigrateEntry<D> entry{};
    entry.stage = num<D>(EntryStage::collected);
    entry.src = pte.pfn;
    entry.migrate = true;
    if (does("collect")) s.migrate_entry.set(entry, slot, vpn);
  }
};

}  // namespace hmm
