#pragma once
#include "model/calls/areas.h"
#include "model/migrate.h"
#include "model/run.h"

// Which anon_vma each anonymous frame names, and who follows it. A step is known by what it changes
// and by nothing else.
namespace hmm {

// Goes on from one state to the next: what a step that has taken effect did to the frames'
// anon_vmas.
template <class D>
class AnonRmap {
  using Num = typename D::Num;
  const State<D>& before_;
  const State<D>& after_;
  Areas<D>& areas_;

 public:
  AnonRmap(const State<D>& before, const State<D>& after, Areas<D>& areas)
      : before_(before), after_(after), areas_(areas) {}

  void follow() const {
    for_each<D, sort::pfn>([&](unsigned pfn) {
      const auto was = before_.page.at(pfn), is = after_.page.at(pfn);
      if (is.anon && !was.anon) name_new(pfn);
      if (is.anon && was.anon && !was.anon_exclusive) name_moved(pfn, is);
    });
    for_each<D, sort::pfn>([&](unsigned pfn) {
      if (!after_.page.at(pfn).anon) areas_.forget(pfn);
    });
  }

 private:
  template <class Visit>
  static void for_each_page(Visit&& visit) {
    for_each<D, sort::mm>([&](unsigned mm) {
      for_each<D, sort::vpn>([&](unsigned vpn) { visit(Num(mm), Num(vpn)); });
    });
  }

  // mm/rmap.c __page_set_anon_rmap() of what a vma maps, or mm/migrate.c folio_migrate_mapping() of
  // what takes the place of a frame that nobody maps meanwhile.
  void name_new(Num pfn) const {
    for (const auto& entry : after_.migrate_entry.slot)
      if (entry.has_dst && entry.dst == pfn) areas_.name_as(pfn.v, entry.src.v);
    for_each_page([&](Num mm, Num vpn) {
      if (maps<D>(after_.pte.at(mm, vpn), pfn)) areas_.name(pfn.v, mm.v, vpn.v);
    });
  }
  // mm/rmap.c page_move_anon_rmap(): a vma that mapped the frame has it to itself, which shows in
  // PG_anon_exclusive, or where a kernel has no such flag in the right to write.
  void name_moved(Num pfn, const Page<D>& page) const {
    for_each_page([&](Num mm, Num vpn) {
      const auto was = before_.pte.at(mm, vpn), is = after_.pte.at(mm, vpn);
      const bool owns = page.anon_exclusive && page.mapcount == Num(1);
      if (maps<D>(was, pfn) && maps<D>(is, pfn) && (owns || (is.write && !was.write)))
        areas_.name(pfn.v, mm.v, vpn.v);
    });
  }
};

// The step, about to take effect, calls remove_migration_ptes() for a frame whose anon_vma is
// freed: mm/rmap.c rmap_walk_anon_lock() asks its callers to keep it, and mm/migrate_device.c
// migrate_device_unmap() and migrate_device_finalize() have only the frame.
// Nobody maps such a frame, so the walk changes nothing. It is seen by taking the step where an
// entry is left that gives way to a mapping of the frame.
template <class D, class S>
bool walks_freed_anon_vma(const Profile& k, const State<D>& s, const Areas<D>& areas, const S& step,
                          const typename D::Num& verdict) {
  using Num = typename D::Num;
  const Num mm(0), vpn(0);
  const auto walks = [&](Num entry, Num frame) {
    State<D> then = s;
    then.pte.set({.kind = num<D>(PteKind::migration), .pfn = entry}, mm, vpn);
    apply_step<D>(k, then, step, verdict);
    return maps<D>(then.pte.at(mm, vpn), frame);
  };
  bool any = false;
  for (std::size_t i = 0; i < s.page.size; ++i) {
    const Num frame(s.page.index_of(i, 0));
    if (!s.page.slot[i].anon || !areas.names_freed_anon_vma(frame.v)) continue;
    any = any || walks(frame, frame);
    for (const auto& entry : s.migrate_entry.slot)
      any = any || (entry.has_dst && entry.dst == frame && walks(entry.src, frame));
  }
  return any;
}

}  // namespace hmm
