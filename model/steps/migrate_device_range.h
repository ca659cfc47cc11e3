#pragma once
#include "model/migrate.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A driver empties its memory: a frame of it is held and locked, to be migrated to system memory
// whoever maps it.
//
// Kernel: mm/migrate_device.c migrate_device_range(), as lib/test_hmm.c
// dmirror_device_evict_chunk() and drivers that go away call it. No vma, no mmap lock.
// Simplified: one frame at a time; a locked frame is passed over by not asking for it.
template <class D>
struct MigrateDeviceRange {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_device_range";
  static constexpr Retrier retrier = Retrier::eviction;
  static constexpr std::array verdicts{Verdict::ok, Verdict::slot_busy, Verdict::page_is_free,
                                       Verdict::page_locked};

  Num slot{};
  Num pfn{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateDeviceRange::slot, sort::eviction),
                  field("pfn", &MigrateDeviceRange::pfn, sort::device_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("slot_busy", !is<D>(s.migration.at(slot).stage, MigrationStage::idle),
                Verdict::slot_busy)
        .end_if("page_is_free", is_free<D>(s, pfn), Verdict::page_is_free)
        .end_if("page_locked", Bool(k.eviction_locks_page) && s.page.at(pfn).locked,
                Verdict::page_locked)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("get_page")) get_page<D>(s, pfn);
    if (does("lock_page")) lock_page<D>(s, pfn);
    Migration<D> m{};
    m.stage = num<D>(MigrationStage::running);
    m.device = device_of<D>(pfn);
    m.by_pfn = true;
    if (does("begin")) s.migration.set(m, slot);
    MigrateEntry<D> entry{};
    entry.stage = num<D>(EntryStage::collected);
    entry.src = pfn;
    entry.migrate = true;
    if (does("collect")) s.migrate_entry.set(entry, slot, Num(0));
  }
};

}  // namespace hmm
