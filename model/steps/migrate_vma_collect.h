#pragma once
#include "model/migrate.h"
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
    Bool ready = true;
    if (k.invalidate_at_start)
      for (const auto& pending : inv.pending.slot) ready = ready && !pending;
    return Guards<D>()
        .end_if(!is<D>(m.stage, MigrationStage::setup), Verdict::wrong_stage)
        .end_if(!ready, Verdict::still_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const auto m = s.migration.at(slot);
    const auto inv = s.invalidation.at(m.invalidation);
    for (unsigned v = 0; v < D::scope.vpns; ++v) {
      const auto pte = s.pte.at(m.mm, Num(v));
      const auto page = s.page.at(pte.pfn);
      const auto present = is<D>(pte.kind, PteKind::present) && !is_zero_pfn<D>(pte.pfn);
      const auto zone_device = is_zone_device_page<D>(pte.pfn);
      Bool owned = is<D>(pte.kind, PteKind::device_private) || (present && zone_device);
      if (k.owner_filter) owned = owned && is_memory_of<D>(pte.pfn, m.device);
      Bool unpinned = true;  // folio_try_share_anon_rmap_pte()
      if (k.collect_checks_pin) unpinned = !(page.anon_exclusive && page.pins != Num(0));
      const Bool wanted = k.migrate_vma_selects ? ite(m.to_device, present && !zone_device, owned)
                                                : present || owned;
      when(inv.covers.slot[v] && wanted && !page.locked && unpinned, s,
           [&](State<D>& t) { collect_page(k, t, m, Num(v), pte, page); });
      const auto hole = is_hole<D>(pte) && !is_shared<D>(s.vma.at(m.mm, Num(v)));
      when(inv.covers.slot[v] && m.to_device && hole, s, [&](State<D>& t) {
        MigrateEntry<D> entry{};
        entry.stage = num<D>(EntryStage::unmapped);
        entry.migrate = true;
        t.migrate_entry.set(entry, slot, Num(v));
      });
    }
    s.migration.update(
        [](Migration<D>& x) {
          x.stage = num<D>(MigrationStage::running);
          x.invalidation = Num(0);
        },
        slot);
    s.invalidation.update(
        [](Invalidation<D>& i) {
          for (auto& todo : i.todo.slot) todo = false;
        },
        m.invalidation);
  }

 private:
  // The pte's reference becomes collect's; its rmap goes.
  void collect_page(const Profile& k, State<D>& s, const Migration<D>& m, const Num& vpn,
                    const Pte<D>& pte, const Page<D>& page) const {
    Pte<D> from = pte;
    if (!k.collect_keeps_private_write)
      from.write = from.write && is<D>(pte.kind, PteKind::present);
    s.pte.set(migration_pte<D>(from, page.anon_exclusive), m.mm, vpn);
    remove_rmap<D>(s, pte.pfn);
    s.page.update(
        [](Page<D>& p) {
          p.locked = true;
          p.anon_exclusive = false;
        },
        pte.pfn);
    MigrateEntry<D> entry{};
    entry.stage = num<D>(EntryStage::collected);
    entry.src = pte.pfn;
    entry.migrate = true;
    s.migrate_entry.set(entry, slot, vpn);
  }
};

}  // namespace hmm
