#pragma once
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// A driver starts a migration: struct migrate_vma is checked and the notifier range opened,
// MMU_NOTIFY_MIGRATE with the driver as owner.
//
// Kernel: mm/migrate_device.c migrate_vma_setup(), migrate_vma_collect() up to
// mmu_notifier_invalidate_range_start(). The mmap lock is held for reading to the end.
template <class D>
struct MigrateVmaSetup {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_vma_setup";
  static constexpr std::array verdicts{
      Verdict::ok,        Verdict::slot_busy,     Verdict::bad_range,
      Verdict::not_alive, Verdict::device_failed, Verdict::mmap_lock_wait,
      Verdict::no_vma,    Verdict::no_permission};

  Num slot{};
  Num invalidation{};
  Num mm{};
  Num device{};
  Bool to_device{};  // MIGRATE_VMA_SELECT_SYSTEM, else _DEVICE_PRIVATE
  Num first{};
  Num last{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateVmaSetup::slot, sort::migration),
                  field("invalidation", &MigrateVmaSetup::invalidation, sort::invalidation),
                  field("mm", &MigrateVmaSetup::mm, sort::mm),
                  field("device", &MigrateVmaSetup::device, sort::device),
                  field("to_device", &MigrateVmaSetup::to_device),
                  field("first", &MigrateVmaSetup::first, sort::vpn),
                  field("last", &MigrateVmaSetup::last, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool readable = true;
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      readable = readable && (Num(v) < first || last < Num(v) || s.vma.at(mm, Num(v)).read);
    return Guards<D>(k, name)
        .end_if("slot_busy", !is<D>(s.migration.at(slot).stage, MigrationStage::idle),
                Verdict::slot_busy)
        .end_if("range_busy", !slot_is_free<D>(s, invalidation), Verdict::slot_busy)
        .end_if("bad_range", last < first, Verdict::bad_range)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("device_failed", s.device.at(device).failed, Verdict::device_failed)
        .end_if("mmap_lock", mmap_write_locked<D>(s, mm), Verdict::mmap_lock_wait)
        .end_if("no_vma", !range_is_mapped<D>(s, mm, first, last), Verdict::no_vma)
        // lib/test_hmm.c dmirror_migrate_to_device()
        .end_if("vm_read", !readable, Verdict::no_permission)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    begin_migration<D>(does, s, slot, invalidation, mm, device, to_device, first, last);
  }
};

}  // namespace hmm
