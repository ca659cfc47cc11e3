#pragma once
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// Before the first hole that the driver filled is put in place, a notifier range is opened from
// there to the end of the migration, MMU_NOTIFY_MIGRATE with the driver as owner.
//
// Kernel: mm/migrate_device.c __migrate_device_pages(). Simplified: pages that are not holes have
// moved before, or move after the range; the kernel goes by address.
template <class D>
struct MigrateDevicePages {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_device_pages";
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage, Verdict::slot_busy};

  Num slot{};
  Num invalidation{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateDevicePages::slot, sort::migration),
                  field("invalidation", &MigrateDevicePages::invalidation, sort::invalidation)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool copying = false, filled = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v) {
      const auto entry = s.migrate_entry.at(slot, Num(v));
      copying = copying || is<D>(entry.stage, EntryStage::collected) ||
                is<D>(entry.stage, EntryStage::unmapped);
      filled = filled || waits_for_insert<D>(entry);
    }
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(s.migration.at(slot).stage, MigrationStage::running),
                Verdict::wrong_stage)
        .end_if("copying", copying, Verdict::wrong_stage)
        .end_if("not_filled", !filled, Verdict::wrong_stage)
        .end_if("slot_busy", !slot_is_free<D>(s, invalidation), Verdict::slot_busy)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto m = s.migration.at(slot);
    Num first = m.last;
    for (unsigned v = D::scope.vpns; v-- > 0;)
      first = ite(waits_for_insert<D>(s.migrate_entry.at(slot, Num(v))), Num(v), first);
    open_range<D>(does, s, invalidation, RangeOp::insert, m.mm, first, m.last);
    s.invalidation.update(
        [&](Invalidation<D>& inv) {
          for (unsigned v = 0; v < D::scope.vpns; ++v)
            if (does("todo"))
              inv.todo.slot[v] = waits_for_insert<D>(s.migrate_entry.at(slot, Num(v)));
        },
        invalidation);
    s.migration.update(
        [&](Migration<D>& x) {
          if (does("stage")) {
            x.stage = num<D>(MigrationStage::inserting);
            x.invalidation = invalidation;
          }
        },
        slot);
  }
};

}  // namespace hmm
