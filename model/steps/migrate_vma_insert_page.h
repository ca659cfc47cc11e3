#pragma once
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// A page that the driver filled takes the place of an empty pte or of the zero page, if that is
// still what stands there.
//
// Kernel: mm/migrate_device.c migrate_vma_insert_page(), under the pte lock.
template <class D>
struct MigrateVmaInsertPage {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_vma_insert_page";
  static constexpr std::array verdicts{Verdict::ok, Verdict::refused, Verdict::wrong_stage,
                                       Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateVmaInsertPage::slot, sort::migration),
                  field("vpn", &MigrateVmaInsertPage::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto m = s.migration.at(slot);
    const auto inv = s.invalidation.at(m.invalidation);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(m.stage, MigrationStage::inserting), Verdict::wrong_stage)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .end_if("pte_changed", !is_hole<D>(s.pte.at(m.mm, vpn)), Verdict::refused)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto m = s.migration.at(slot);
    const auto entry = s.migrate_entry.at(slot, vpn);
    const auto ok = is<D>(verdict, Verdict::ok);
    if (does("done")) pte_is_changed<D>(s, m.invalidation, vpn);
    s.migrate_entry.update(
        [&](MigrateEntry<D>& e) {
          if (does("entry_stage")) e.stage = num<D>(EntryStage::moved);
          if (does("refuse")) e.migrate = ok;
        },
        slot, vpn);
    when(ok, s, [&](State<D>& t) {
      const auto vma = t.vma.at(m.mm, vpn);
      Pte<D> pte = mapping_pte<D>(Pte<D>{}, entry.dst, vma, vma.write);
      if (does("dirty")) {
        pte.dirty = dirty_bit<D>(vma.write && is_device_coherent_page<D>(entry.dst));
        pte.soft_dirty = soft_dirty_bit<D>(pte.dirty);
        if (!k.private_forgets_soft_dirty) pte.soft_dirty = soft_dirty_bit<D>(vma.write);
      }
      if (does("set_pte")) t.pte.set(pte, m.mm, vpn);
      if (does("get_page")) get_page<D>(t, entry.dst);
      if (does("add_rmap")) add_new_anon_rmap<D>(k, t, entry.dst);
    });
    Bool unfinished = false;
    for (const auto& todo : s.invalidation.at(m.invalidation).todo.slot)
      unfinished = unfinished || todo;
    if (does("stage"))
      when(!unfinished, s, [&](State<D>& t) {
        t.migration.update(
            [](Migration<D>& x) {
              x.stage = num<D>(MigrationStage::running);
              x.invalidation = Num(0);
            },
            slot);
      });
  }
};

}  // namespace hmm
