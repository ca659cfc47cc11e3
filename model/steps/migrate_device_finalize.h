#pragma once
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// A page's migration entries give way to the page it is now in, and both pages are released.
//
// Kernel: mm/migrate_device.c migrate_device_finalize(), mm/migrate.c remove_migration_ptes().
// Simplified: the entries of several address spaces change in one step; the page lock is held, and
// whoever meets an entry waits.
template <class D>
struct MigrateDeviceFinalize {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_device_finalize";
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateDeviceFinalize::slot, sort::migration),
                  field("vpn", &MigrateDeviceFinalize::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool earlier = false;  // some page has not been through migrate_vma_pages() yet
    for (unsigned v = 0; v < D::scope.vpns; ++v) {
      const auto entry = s.migrate_entry.at(slot, Num(v));
      earlier = earlier ||
                !(is<D>(entry.stage, EntryStage::none) || is<D>(entry.stage, EntryStage::moved));
    }
    return Guards<D>()
        .end_if(!is<D>(s.migrate_entry.at(slot, vpn).stage, EntryStage::moved) || earlier,
                Verdict::wrong_stage)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const auto entry = s.migrate_entry.at(slot, vpn);
    const auto moved = entry.migrate && entry.has_dst;
    const Num final_pfn = ite(moved, entry.dst, entry.src);
    remove_migration_ptes<D>(k, s, entry.src, final_pfn);
    s.page.update([&](Page<D>& p) { p.lru = has_lru<D>(final_pfn); }, final_pfn);
    s.page.update([&](Page<D>& p) { p.locked = p.locked && Bool(!k.finalize_unlocks_source); },
                  entry.src);
    put_page<D>(s, entry.src);
    when(entry.has_dst, s, [&](State<D>& t) {
      t.page.update([](Page<D>& p) { p.locked = false; }, entry.dst);
      put_page<D>(t, entry.dst);
    });
    s.migrate_entry.set(MigrateEntry<D>{}, slot, vpn);
  }
};

}  // namespace hmm
