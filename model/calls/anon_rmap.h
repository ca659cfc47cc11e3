#pragma once
#include "model/calls/areas.h"
#include "model/steps.h"

// Which anon_vma each anonymous frame names, step by step, and who follows it.
namespace hmm {

template <class D>
class AnonRmap {
  using Num = typename D::Num;
  const State<D>& s_;
  const Areas<D>& areas_;

 public:
  AnonRmap(const State<D>& s, const Areas<D>& areas) : s_(s), areas_(areas) {}

  // The step, about to take effect, calls remove_migration_ptes() for a frame whose anon_vma is
  // freed: mm/rmap.c rmap_walk_anon_lock() asks its callers to keep it, and mm/migrate_device.c
  // migrate_device_unmap() and migrate_device_finalize() have only the frame.
  template <class S>
  bool walks_freed(const S& step, Verdict verdict) const {
    if constexpr (std::is_same_v<S, MigrateDeviceUnmap<D>>)
      return verdict != Verdict::ok && is_lost(s_.migrate_entry.at(step.slot, step.vpn).src);
    if constexpr (std::is_same_v<S, MigrateDeviceFinalize<D>>) {
      // Only the one that the mapping ends up with is anonymous memory by now.
      const auto entry = s_.migrate_entry.at(step.slot, step.vpn);
      return is_lost(entry.src) || is_lost(entry.dst);
    }
    return false;
  }
  // The step, about to take effect, makes the frame the vma's own: mm/memory.c
  // wp_can_reuse_anon_folio().
  template <class S>
  bool moves(const S& step) const {
    if constexpr (std::is_same_v<S, DoWpPage<D>>) {
      const auto page = s_.page.at(s_.pte.at(step.mm, step.vpn).pfn);
      return page.anon && !page.anon_exclusive;
    }
    return false;
  }

  // The step has taken effect.
  template <class S>
  void note(const S& step, Verdict verdict, bool moves, Areas<D>& areas) const {
    if constexpr (std::is_same_v<S, DoAnonymousPage<D>>) {
      name(areas, step.mm, step.vpn);
    } else if constexpr (std::is_same_v<S, DoWpPage<D>>) {
      if (moves) name(areas, step.mm, step.vpn);
    } else if constexpr (std::is_same_v<S, WpPageCopyInstall<D>>) {
      if (verdict == Verdict::ok) name(areas, s_.invalidation.at(step.slot).mm, step.vpn);
    } else if constexpr (std::is_same_v<S, CopyPresentPage<D>>) {
      name(areas, s_.invalidation.at(step.slot).child, step.vpn);
    } else if constexpr (std::is_same_v<S, MigrateVmaInsertPage<D>>) {
      if (verdict == Verdict::ok) name(areas, s_.migration.at(step.slot).mm, step.vpn);
    } else if constexpr (std::is_same_v<S, MigrateVmaPages<D>>) {
      const auto entry = s_.migrate_entry.at(step.slot, step.vpn);
      if (verdict == Verdict::ok) areas.name_as(entry.dst.v, entry.src.v);
    }
    for_each<D>(sort::pfn, [&](unsigned pfn) {
      if (!s_.page.at(Num(pfn)).anon) areas.forget(pfn);
    });
  }

 private:
  bool is_lost(Num pfn) const { return s_.page.at(pfn).anon && areas_.names_freed_anon_vma(pfn.v); }
  void name(Areas<D>& areas, Num mm, Num vpn) const {
    areas.name(s_.pte.at(mm, vpn).pfn.v, mm.v, vpn.v);
  }
};

}  // namespace hmm
