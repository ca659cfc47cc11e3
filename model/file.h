#pragma once
#include "model/page.h"

// Shared mappings of shmem objects, and the page cache behind them.
namespace hmm {

template <class D>
typename D::Bool is_shared(const Vma<D>& vma) {
  return vma.file != typename D::Num(0);
}

// The page cache has the frame: folio_mapping() is not NULL.
template <class D>
typename D::Bool is_cached(const State<D>& s, const typename D::Num& pfn) {
  typename D::Bool any = false;
  if constexpr (D::scope.files != 0)
    for (const auto& c : s.cached.slot) any = any || (pfn != typename D::Num(0) && c.pfn == pfn);
  return any;
}

// What the page cache has for the page that the vma covers.
template <class D>
Cached<D> cached_page(const State<D>& s, const Vma<D>& vma) {
  if constexpr (D::scope.files == 0)
    return {};
  else
    return s.cached.at(vma.file - typename D::Num(1), vma.pgoff);
}

// What the page must read as: the last store by anybody, to a shared page through any mapping.
template <class D>
typename D::Num last_store(const State<D>& s, const typename D::Num& mm,
                           const typename D::Num& vpn) {
  const auto vma = s.vma.at(mm, vpn);
  return ite(is_shared<D>(vma), cached_page<D>(s, vma).value, s.ghost.at(mm, vpn).value);
}
template <class D>
void note_store(State<D>& s, const typename D::Num& mm, const typename D::Num& vpn,
                const typename D::Num& value) {
  const auto vma = s.vma.at(mm, vpn);
  if constexpr (D::scope.files != 0)
    when(is_shared<D>(vma), s, [&](State<D>& t) {
      t.cached.update([&](Cached<D>& c) { c.value = value; }, vma.file - typename D::Num(1),
                      vma.pgoff);
    });
  when(!is_shared<D>(vma), s, [&](State<D>& t) {
    t.ghost.update(
        [&](Ghost<D>& g) {
          g.value = value;
          g.freed = false;
        },
        mm, vpn);
  });
}

// The process, or a device for it, writes to the page through this mapping.
template <class D>
void note_write(State<D>& s, const typename D::Num& mm, const typename D::Num& vpn) {
  s.ghost.update(
      [](Ghost<D>& g) {
        g.watch = ite(is<D>(g.watch, Watch::none), g.watch, num<D>(Watch::written));
      },
      mm, vpn);
}

// Changes the first of the holds for which `is` holds, if there is one.
template <class D, class Is, class Change>
void change_first_hold(State<D>& s, Is is, Change change) {
  typename D::Bool done = false;
  for (auto& hold : s.gup.slot) {
    const auto here = !done && is(hold);
    when(here, hold, change);
    done = done || here;
  }
}

// The process lets go of what it had at the address; who has taken that keeps the page only.
template <class D>
void forget_holds(State<D>& s, const typename D::Num& mm, const typename D::Num& vpn) {
  for (auto& hold : s.gup.slot)
    when(hold.mm == mm && hold.vpn == vpn, hold, [](Gup<D>& h) { h = Gup<D>{}; });
}
// It shares the page with a child, or writes to a copy. Who has pinned the page is promised that
// neither happens, by a kernel that knows exclusive pages.
template <class D>
void forget_gets(const Profile& k, State<D>& s, const typename D::Num& mm,
                 const typename D::Num& vpn) {
  for (auto& hold : s.gup.slot)
    when(hold.mm == mm && hold.vpn == vpn && !(hold.pin && typename D::Bool(k.anon_exclusive)),
         hold, [](Gup<D>& h) { h = Gup<D>{}; });
}

// vm_page_prot of a shared mapping has the write bit, unless writes are to be noticed: mm/mmap.c
// vma_wants_writenotify().
template <class D>
typename D::Bool maps_writable(const Vma<D>& vma) {
  return is_shared<D>(vma) && vma.write && !needs_soft_dirty_wp<D>(vma, Pte<D>{});
}

// mm/shmem.c shmem_evict_inode() of every object that nobody maps any more.
template <class D>
void evict_unmapped_files(const Profile& k, State<D>& s) {
  using Num = typename D::Num;
  const Effects<D> does(k, "shmem_evict_inode");
  const Filters<D> checks(k, "shmem_evict_inode");
  for_each<D, sort::file>([&](unsigned f) {
    typename D::Bool mapped = false;
    if (checks("mapped"))
      for (const auto& vma : s.vma.slot) mapped = mapped || vma.file == Num(f + 1);
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      when(!mapped, s, [&](State<D>& t) {
        const Num pfn = t.cached.at(Num(f), Num(v)).pfn;
        if (does("put_page")) when(pfn != Num(0), t, [&](State<D>& u) { put_page<D>(k, u, pfn); });
        if (does("remove_cached")) t.cached.set(Cached<D>{}, Num(f), Num(v));
      });
  });
}

}  // namespace hmm
