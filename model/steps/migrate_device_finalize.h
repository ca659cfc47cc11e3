#pragma once
#include "model/buffer.h"
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
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(s.migrate_entry.at(slot, vpn).stage, EntryStage::moved),
                Verdict::wrong_stage)
        .end_if("others_first", earlier, Verdict::wrong_stage)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto entry = s.migrate_entry.at(slot, vpn);
    const auto moved = entry.migrate && entry.has_dst;
    const Num final_pfn = ite(moved, entry.dst, entry.src);
    if (does("remove_migration_ptes")) remove_migration_ptes<D>(k, s, entry.src, final_pfn);
    if (does("putback_lru"))
      s.page.update([&](Page<D>& p) { p.lru = has_lru<D>(final_pfn); }, final_pfn);
    // 4.14 mm/migrate.c migrate_vma_finalize(), putback_lru_page(): where somebody who waits for
    // the entry still has the page; elsewhere nobody can.
    if (k.migration_wait_takes_page_ref && does("putback_src_lru"))
      s.page.update([&](Page<D>& p) { p.lru = has_lru<D>(entry.src); }, entry.src);
    const Bool of_fault = is_locked_by_fault<D>(k, s, s.migration.at(slot), entry.src);
    if (k.finalize_unlocks_source && does("unlock_src"))
      when(!of_fault, s, [&](State<D>& t) { unlock_page<D>(t, entry.src); });
    if (does("put_src")) put_page<D>(k, s, entry.src);
    when(entry.has_dst, s, [&](State<D>& t) {
      if (does("unlock_dst")) unlock_page<D>(t, entry.dst);
      if (does("put_dst")) put_page<D>(k, t, entry.dst);
      when(!moved, t, [&](State<D>& u) { take_back_buffer<D>(k, u, slot, entry.dst); });
    });
    if (does("end")) s.migrate_entry.set(MigrateEntry<D>{}, slot, vpn);
  }
};

}  // namespace hmm
