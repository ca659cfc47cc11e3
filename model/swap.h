#pragma once
#include "model/page.h"

// Swap and its cache.
// Simplified: what is read or written is there at once, no page is read ahead of a fault, and of a
// page that the swap cache does not have only MADV_FREE asks if it is dirty: mm/swap_state.c
// add_to_swap() sets PG_dirty.
namespace hmm {

template <class D>
typename D::Bool is_swap_entry(const Pte<D>& pte) {
  return is<D>(pte.kind, PteKind::swap);
}

// The slot.
template <class D>
SwapSlot<D> swap_slot_of(const State<D>& s) {
  static_assert(D::scope.swaps <= 1 && (D::scope.swaps == 0 || D::scope.dirty_bits != 0));
  if constexpr (D::scope.swaps == 0)
    return {};
  else
    return s.swap_slot.slot[0];
}

// The swap cache has the frame for this slot.
template <class D>
typename D::Bool caches(const SwapSlot<D>& swap, const typename D::Num& pfn) {
  return swap.pfn == pfn && swap.pfn != typename D::Num(0);
}

// include/linux/page-flags.h folio_test_swapcache().
template <class D>
typename D::Bool is_in_swap_cache(const State<D>& s, const typename D::Num& pfn) {
  typename D::Bool any = false;
  for (const auto& swap : s.swap_slot.slot) any = any || caches<D>(swap, pfn);
  return any;
}
// The same of a page that no pte has by its slot, so that it needs the slot no longer:
// mm/swapfile.c folio_swapped() is false.
template <class D>
typename D::Bool can_free_swap(const State<D>& s, const typename D::Num& pfn) {
  typename D::Bool any = false;
  for (const auto& swap : s.swap_slot.slot)
    any = any || (caches<D>(swap, pfn) && swap.count == typename D::Num(0));
  return any;
}

// Nobody but the one pte has the page, once its slot is freed: mm/memory.c
// wp_can_reuse_anon_folio(), 4.14 mm/swapfile.c reuse_swap_page().
template <class D>
typename D::Bool is_only_user(const Profile& k, const State<D>& s, const typename D::Num& pfn) {
  using Num = typename D::Num;
  const auto page = s.page.at(pfn);
  const auto freed = can_free_swap<D>(s, pfn);
  if (k.reuse_counts_mappings)
    return page.mapcount == Num(1) && (freed || !is_in_swap_cache<D>(s, pfn));
  return page.refcount == Num(1) + to_num(freed);
}

// mm/page-writeback.c folio_mark_dirty().
template <class D>
void mark_dirty(State<D>& s, const typename D::Num& pfn, const typename D::Bool& dirty) {
  for (auto& swap : s.swap_slot.slot) swap.dirty = swap.dirty || (dirty && caches<D>(swap, pfn));
  if constexpr (D::scope.reclaims != 0)
    for (auto& c : s.cached.slot)
      c.dirty = c.dirty || (dirty && c.pfn == pfn && pfn != typename D::Num(0));
  if constexpr (D::scope.lazyfrees != 0)
    when(dirty && s.page.at(pfn).anon, s,
         [&](State<D>& t) { t.page.update([](Page<D>& p) { p.dirty = true; }, pfn); });
}

// mm/swapfile.c folio_free_swap(): the page is anonymous memory without a slot again.
template <class D>
void free_swap(const Profile& k, State<D>& s, const typename D::Num& pfn) {
  if constexpr (D::scope.swaps != 0) {
    const Effects<D> does(k, "folio_free_swap");
    when(can_free_swap<D>(s, pfn), s, [&](State<D>& t) {
      if (does("free_slot"))
        for (auto& swap : t.swap_slot.slot)
          when(caches<D>(swap, pfn), swap, [](SwapSlot<D>& x) { x = SwapSlot<D>{}; });
      if constexpr (D::scope.lazyfrees != 0)
        if (does("set_dirty")) t.page.update([](Page<D>& p) { p.dirty = true; }, pfn);
      if (does("put_page")) put_page<D>(k, t, pfn);
    });
  }
}

// mm/swap_state.c free_swap_cache(), of a page that somebody has just unmapped or given back.
template <class D>
void free_swap_cache(const Profile& k, State<D>& s, const typename D::Num& pfn) {
  if constexpr (D::scope.swaps != 0) {
    const auto page = s.page.at(pfn);
    when(page.mapcount == typename D::Num(0) && !page.locked, s,
         [&](State<D>& t) { free_swap<D>(k, t, pfn); });
  }
}

// mm/swapfile.c swap_free(): one pte fewer has the slot, which is free after the last.
template <class D>
void swap_free(const Profile& k, State<D>& s) {
  using Num = typename D::Num;
  const Effects<D> does(k, "swap_free");
  for (auto& swap : s.swap_slot.slot) {
    if (does("count"))
      when(swap.count != Num(0), swap, [](SwapSlot<D>& x) { x.count = x.count - Num(1); });
    when(swap.count == Num(0) && swap.pfn == Num(0), swap,
         [](SwapSlot<D>& x) { x = SwapSlot<D>{}; });
  }
}
// mm/swapfile.c free_swap_and_cache(), of an entry that is zapped.
template <class D>
void free_swap_and_cache(const Profile& k, State<D>& s) {
  swap_free<D>(k, s);
  free_swap_cache<D>(k, s, swap_slot_of<D>(s).pfn);
}
// mm/swapfile.c swap_duplicate().
template <class D>
void swap_duplicate(State<D>& s) {
  for (auto& swap : s.swap_slot.slot) swap.count = swap.count + typename D::Num(1);
}

}  // namespace hmm
