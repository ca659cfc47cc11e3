#pragma once
#include "model/pagemap.h"

// Frames: which memory they are, and how references and mappings come and go.
namespace hmm {

// The zero page has no struct page of its own here, as vm_normal_page() has none for it.
template <class D>
typename D::Bool is_zero_pfn(const typename D::Num& pfn) {
  return pfn == typename D::Num(0);
}

// The frame is in one of the runs. No frame lies behind `last`.
template <class D>
[[gnu::always_inline]] inline typename D::Bool is_in_runs(const PfnRuns& runs, unsigned last,
                                                          const typename D::Num& pfn) {
  using Num = typename D::Num;
  typename D::Bool in = false;
  for (unsigned i = 0; i < runs.count; ++i) {
    const Range run = runs.run[i];
    const bool ends = run.last() != last;
    typename D::Bool here = !(pfn < Num(run.first));
    if (ends) here = here && pfn < Num(run.first + run.count);
    in = in || here;
  }
  return in;
}
// The frame is in one of the zones for which `is`, which captures nothing, holds.
template <class D, class Is>
typename D::Bool is_in_zones(const typename D::Num& pfn, Is) {
  static constexpr PfnRuns runs = runs_of(zones_of(D::scope), Is{});
  static constexpr unsigned last = frames_of(D::scope);
  return is_in_runs<D>(runs, last, pfn);
}

// include/linux/mmzone.h is_zone_device_page().
template <class D>
typename D::Bool is_zone_device_page(const typename D::Num& pfn) {
  return is_in_zones<D>(pfn, [](const Zone& zone) { return is_zone_device(zone.memory); });
}
// include/linux/memremap.h is_device_coherent_page(): device memory that the CPU reaches as well.
template <class D>
typename D::Bool is_device_coherent_page(const typename D::Num& pfn) {
  return is_in_zones<D>(pfn, [](const Zone& z) { return z.memory == Memory::device_coherent; });
}
// include/linux/memremap.h is_device_private_page().
template <class D>
typename D::Bool is_device_private_page(const typename D::Num& pfn) {
  return is_in_zones<D>(pfn, [](const Zone& z) { return z.memory == Memory::device_private; });
}
// The CPU can load from it and store to it.
template <class D>
typename D::Bool is_cpu_addressable_page(const typename D::Num& pfn) {
  return is_in_zones<D>(pfn, [](const Zone& zone) { return is_cpu_addressable(zone.memory); });
}
// Memory of the kernel's own allocator.
template <class D>
typename D::Bool is_system_page(const typename D::Num& pfn) {
  return is_in_zones<D>(pfn, [](const Zone& zone) { return zone.memory == Memory::system; });
}
// The frame is on an LRU list while it is in use.
template <class D>
typename D::Bool has_lru(const typename D::Num& pfn) {
  return is_in_zones<D>(pfn, [](const Zone& zone) { return has_lru(zone.memory); });
}

// The frames of each device.
template <class D>
inline constexpr auto kMemoryOf = [] {
  std::array<PfnRuns, std::max(1u, D::scope.devices)> of{};
  for (unsigned d = 0; d < D::scope.devices; ++d)
    of[d] = runs_of(zones_of(D::scope),
                    [d](const Zone& zone) { return zone.is_owned() && zone.owner == d; });
  return of;
}();
// page->pgmap->owner: the device whose memory the frame is.
template <class D>
typename D::Bool is_memory_of(const typename D::Num& pfn, const typename D::Num& device) {
  static constexpr unsigned last = frames_of(D::scope);
  typename D::Bool is = false;
  for_each<D, sort::device>([&](unsigned d) {
    is = is || (device == typename D::Num(d) && is_in_runs<D>(kMemoryOf<D>[d], last, pfn));
  });
  return is;
}

// The device whose memory the frame is; of a frame that is no device's nobody asks.
template <class D>
typename D::Num device_of(const typename D::Num& pfn) {
  typename D::Num device(0);
  for_each<D, sort::device>([&](unsigned d) {
    device = ite(is_memory_of<D>(pfn, typename D::Num(d)), typename D::Num(d), device);
  });
  return device;
}

// The frame is in the memory of a device that has failed and gives nothing back.
template <class D>
typename D::Bool has_failed_device(const State<D>& s, const typename D::Num& pfn) {
  typename D::Bool failed = false;
  for_each<D, sort::device>([&](unsigned d) {
    const typename D::Num device(d);
    failed = failed || (is_memory_of<D>(pfn, device) && s.device.at(device).failed);
  });
  return failed;
}

template <class D>
typename D::Bool is_free(const State<D>& s, const typename D::Num& pfn) {
  return s.page.at(pfn).refcount == typename D::Num(0);
}

// mm/page_alloc.c __alloc_pages(), mm/memremap.c zone_device_page_init(): one reference.
template <class D>
void alloc_page(State<D>& s, const typename D::Num& pfn, const typename D::Num& contents) {
  Page<D> page{};
  page.refcount = typename D::Num(1);
  page.contents = contents;
  s.page.set(page, pfn);
}

// include/linux/mm.h folio_get(): whoever takes a reference so knows of another.
template <class D>
void get_page(State<D>& s, const typename D::Num& pfn) {
  s.oops.bad_ref = s.oops.bad_ref || (!is_zero_pfn<D>(pfn) && is_free<D>(s, pfn));
  s.page.update([](Page<D>& p) { p.refcount = p.refcount + typename D::Num(1); }, pfn);
}

// mm/memremap.c zone_device_page_init() of a frame that is handed out, and
// free_zone_device_folio(): while it is in use it has a reference on its struct dev_pagemap.
template <class D>
void get_pagemap_of(State<D>& s, const typename D::Num& pfn) {
  if constexpr (D::scope.regions != 0)
    when(is_zone_device_page<D>(pfn), s,
         [&](State<D>& t) { tryget_pagemap<D>(t, device_of<D>(pfn)); });
}
template <class D>
void put_pagemap_of(State<D>& s, const typename D::Num& pfn, const typename D::Bool& freed) {
  for_each<D, sort::mapped_device>(
      [&](unsigned d) { put_pagemap<D>(s, d, freed && is_memory_of<D>(pfn, typename D::Num(d))); });
}

// include/linux/mm.h put_page(); the last one frees: mm/swap.c __folio_put(), mm/memremap.c
// free_zone_device_folio(), which resets ->mapping and PG_anon_exclusive.
// Simplified: a freed frame's contents read as zero, and it is free at once, not when a batch is.
template <class D>
void put_page(const Profile& k, State<D>& s, const typename D::Num& pfn) {
  using Num = typename D::Num;
  const Effects<D> does(k, "put_page");
  const auto before = s.page.at(pfn);
  const auto last = before.refcount == Num(1);
  s.oops.bad_ref =
      s.oops.bad_ref ||
      (!is_zero_pfn<D>(pfn) &&
       (before.refcount == Num(0) || (last && (before.locked || before.mapcount != Num(0)))));
  s.page.update(
      [&](Page<D>& p) {
        when(last, p, [&](Page<D>& q) {
          q.refcount = Num(0);
          if (does("free")) q = Page<D>{};
        });
        when(Num(1) < before.refcount, p,
             [&](Page<D>& q) { q.refcount = before.refcount - Num(1); });
      },
      pfn);
  // Where drivers keep what is behind a frame page_free() comes first.
  if (k.pages_hold_pagemap && does("put_pagemap") && D::scope.buffers == 0)
    put_pagemap_of<D>(s, pfn, last);
}

// mm/rmap.c folio_add_anon_rmap_ptes().
template <class D>
void add_rmap(State<D>& s, const typename D::Num& pfn) {
  s.page.update([](Page<D>& p) { p.mapcount = p.mapcount + typename D::Num(1); }, pfn);
}

// mm/rmap.c folio_remove_rmap_pte().
template <class D>
void remove_rmap(State<D>& s, const typename D::Num& pfn) {
  using Num = typename D::Num;
  const auto none = s.page.at(pfn).mapcount == Num(0);
  s.oops.bad_ref = s.oops.bad_ref || (none && !is_zero_pfn<D>(pfn));
  s.page.update(
      [&](Page<D>& p) { when(!none, p, [](Page<D>& q) { q.mapcount = q.mapcount - Num(1); }); },
      pfn);
}

// mm/rmap.c folio_add_new_anon_rmap(): the frame is fresh anonymous memory mapped once.
template <class D>
void add_new_anon_rmap(const Profile& k, State<D>& s, const typename D::Num& pfn) {
  const Effects<D> does(k, "folio_add_new_anon_rmap");
  s.page.update(
      [&](Page<D>& p) {
        if (does("mapcount")) p.mapcount = typename D::Num(1);
        if (does("mapping")) p.anon = true;
        if (does("anon_exclusive")) p.anon_exclusive = typename D::Bool(k.anon_exclusive);
      },
      pfn);
}

// mm/swap.c folio_add_lru_vma().
template <class D>
void add_lru(State<D>& s, const typename D::Num& pfn) {
  s.page.update([](Page<D>& p) { p.lru = true; }, pfn);
}

// include/linux/pagemap.h folio_lock(), folio_trylock().
template <class D>
void lock_page(State<D>& s, const typename D::Num& pfn) {
  s.page.update([](Page<D>& p) { p.locked = true; }, pfn);
}
// mm/filemap.c folio_unlock().
template <class D>
void unlock_page(State<D>& s, const typename D::Num& pfn) {
  s.page.update([](Page<D>& p) { p.locked = false; }, pfn);
}

// Empty, or the zero page.
template <class D>
typename D::Bool is_hole(const Pte<D>& pte) {
  return is<D>(pte.kind, PteKind::none) ||
         (is<D>(pte.kind, PteKind::present) && is_zero_pfn<D>(pte.pfn));
}
template <class D>
typename D::Bool maps(const Pte<D>& pte, const typename D::Num& pfn) {
  return (is<D>(pte.kind, PteKind::present) || is<D>(pte.kind, PteKind::device_private)) &&
         pte.pfn == pfn;
}
// The entry has kept the mapping's reference, and in some kernels the mapping.
template <class D>
typename D::Bool excludes(const Pte<D>& pte, const typename D::Num& pfn) {
  return is<D>(pte.kind, PteKind::device_exclusive) && pte.pfn == pfn;
}
// The entry counts in the page's mapcount: Profile::exclusive_keeps_rmap.
template <class D>
typename D::Bool is_mapping(const Profile& k, const Pte<D>& pte, const typename D::Num& pfn) {
  typename D::Bool is = maps<D>(pte, pfn);
  if (k.exclusive_keeps_rmap) is = is || excludes<D>(pte, pfn);
  return is;
}
template <class D>
typename D::Bool migrates(const Pte<D>& pte, const typename D::Num& pfn) {
  return is<D>(pte.kind, PteKind::migration) && pte.pfn == pfn;
}

// A scope without dirty bits keeps them clear, and nobody asks for them.
template <class D>
typename D::Bool dirty_bit(const typename D::Bool& dirty) {
  return D::scope.dirty_bits != 0 ? dirty : typename D::Bool(false);
}
template <class D>
typename D::Bool soft_dirty_bit(const typename D::Bool& dirty) {
  return D::scope.soft_dirty_bits != 0 ? dirty : typename D::Bool(false);
}

// arch/x86/include/asm/pgtable.h pte_mkdirty() of a new pte that may be written.
template <class D>
Pte<D> pte_mkdirty(const Pte<D>& pte) {
  Pte<D> dirty = pte;
  dirty.dirty = dirty_bit<D>(true);
  dirty.soft_dirty = soft_dirty_bit<D>(true);
  return dirty;
}

// Writes to the page are still to be noticed: mm/internal.h vma_soft_dirty_enabled().
template <class D>
typename D::Bool needs_soft_dirty_wp(const Vma<D>& vma, const Pte<D>& pte) {
  return soft_dirty_bit<D>(!vma.soft_dirty && !pte.soft_dirty);
}

// The entry becomes a present one, or a swap entry of the kind. What is not said here to change
// stays, so that a bit that ptes come by later is carried along.
template <class D>
Pte<D> made_present(Pte<D> pte, const typename D::Num& pfn, const typename D::Bool& read,
                    const typename D::Bool& write) {
  pte.kind = num<D>(PteKind::present);
  pte.pfn = pfn;
  pte.read = read;
  pte.write = write;
  pte.exclusive = false;
  pte.dirty = false;
  return pte;
}
template <class D>
Pte<D> present_pte(const typename D::Num& pfn, const typename D::Bool& read,
                   const typename D::Bool& write) {
  return made_present<D>({}, pfn, read, write);
}
template <class D>
Pte<D> made_swap_entry(Pte<D> pte, PteKind kind, const typename D::Bool& write,
                       const typename D::Bool& exclusive) {
  pte.kind = num<D>(kind);
  pte.read = false;
  pte.write = write;
  pte.exclusive = exclusive;
  pte.dirty = false;
  return pte;
}

// mm/memory.c restore_exclusive_pte(): the entry's reference becomes the mapping's. Where the entry
// does not say whether it may be written, mm/mprotect.c can_change_pte_writable() does.
template <class D>
void restore_exclusive_pte(const Profile& k, State<D>& s, const typename D::Num& mm,
                           const typename D::Num& vpn) {
  const Effects<D> does(k, "restore_exclusive_pte");
  const Filters<D> checks(k, "restore_exclusive_pte");
  const auto entry = s.pte.at(mm, vpn);
  const auto vma = s.vma.at(mm, vpn);
  if (!k.exclusive_keeps_rmap && does("add_rmap")) add_rmap<D>(s, entry.pfn);
  typename D::Bool write = entry.write;
  if (k.exclusive_keeps_rmap) {
    write = true;
    if (checks("page_exclusive")) write = s.page.at(entry.pfn).anon_exclusive;
    if (checks("soft_dirty_wp")) write = write && !needs_soft_dirty_wp<D>(vma, entry);
  }
  if (checks("vm_write")) write = write && vma.write;
  Pte<D> pte = made_present<D>(entry, entry.pfn, vma.read, write);
  if (does("dirty")) pte.dirty = dirty_bit<D>(k.exclusive_keeps_rmap ? write : entry.write);
  if (!does("keep_soft_dirty"))
    pte.soft_dirty = false;
  else
    pte.soft_dirty = entry.soft_dirty || soft_dirty_bit<D>(pte.dirty);
  if (does("set_pte")) s.pte.set(pte, mm, vpn);
}

template <class D>
typename D::Bool is_locked_exclusive(const State<D>& s, const Pte<D>& pte) {
  return is<D>(pte.kind, PteKind::device_exclusive) && s.page.at(pte.pfn).locked;
}

// folio_try_dup_anon_rmap_pte() fails: an exclusive page that may be pinned is not shared by fork.
template <class D>
typename D::Bool must_copy_for_pin(const State<D>& s, const Pte<D>& pte) {
  const auto page = s.page.at(pte.pfn);
  return (is<D>(pte.kind, PteKind::present) || is<D>(pte.kind, PteKind::device_exclusive)) &&
         page.anon_exclusive && page.pins != typename D::Num(0);
}

}  // namespace hmm
