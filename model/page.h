#pragma once
#include "model/profile.h"
#include "model/state.h"

// Frames: which memory they are, and how references and mappings come and go.
namespace hmm {

// The zero page has no struct page of its own here, as vm_normal_page() has none for it.
template <class D>
typename D::Bool is_zero_pfn(const typename D::Num& pfn) {
  return pfn == typename D::Num(0);
}

// include/linux/memremap.h is_device_private_page(). Frames are numbered system memory first.
template <class D>
typename D::Bool is_device_private_page(const typename D::Num& pfn) {
  return !(pfn < typename D::Num(range_of(Kind::private_pfn, D::scope).first));
}

// page->pgmap->owner: the device whose memory the frame is.
template <class D>
typename D::Bool is_memory_of(const typename D::Num& pfn, const typename D::Num& device) {
  typename D::Bool is = false;
  for_each<D>(Kind::device, [&](unsigned d) {
    const unsigned first = range_of(Kind::private_pfn, D::scope).first + d * D::scope.private_pages;
    is = is || (device == typename D::Num(d) && !(pfn < typename D::Num(first)) &&
                pfn < typename D::Num(first + D::scope.private_pages));
  });
  return is;
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

template <class D>
void get_page(State<D>& s, const typename D::Num& pfn) {
  s.page.update([](Page<D>& p) { p.refcount = p.refcount + typename D::Num(1); }, pfn);
}

// include/linux/mm.h put_page(); the last one frees: mm/swap.c __folio_put(), mm/memremap.c
// free_zone_device_folio(), which resets ->mapping and PG_anon_exclusive.
// Simplified: a freed frame's contents read as zero, and it is free at once, not when a batch is.
template <class D>
void put_page(State<D>& s, const typename D::Num& pfn) {
  using Num = typename D::Num;
  const auto before = s.page.at(pfn);
  const auto last = before.refcount == Num(1);
  s.oops.bad_put =
      s.oops.bad_put ||
      (!is_zero_pfn<D>(pfn) &&
       (before.refcount == Num(0) || (last && (before.locked || before.mapcount != Num(0)))));
  s.page.update(
      [&](Page<D>& p) {
        when(last, p, [](Page<D>& q) { q = Page<D>{}; });
        when(Num(1) < before.refcount, p,
             [&](Page<D>& q) { q.refcount = before.refcount - Num(1); });
      },
      pfn);
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
  s.oops.bad_put = s.oops.bad_put || (none && !is_zero_pfn<D>(pfn));
  s.page.update(
      [&](Page<D>& p) { when(!none, p, [](Page<D>& q) { q.mapcount = q.mapcount - Num(1); }); },
      pfn);
}

// A mapping goes: its rmap and its reference.
template <class D>
void unmap_page(State<D>& s, const typename D::Num& pfn) {
  remove_rmap<D>(s, pfn);
  put_page<D>(s, pfn);
}

// The frame is fresh anonymous memory mapped once: mm/rmap.c folio_add_new_anon_rmap(),
// mm/swap.c folio_add_lru_vma().
template <class D>
void map_new_anon(const Profile& k, State<D>& s, const typename D::Num& pfn) {
  s.page.update(
      [&](Page<D>& p) {
        p.mapcount = typename D::Num(1);
        p.anon = true;
        p.anon_exclusive = typename D::Bool(k.anon_exclusive);
        p.lru = true;
      },
      pfn);
}

template <class D>
typename D::Bool maps(const Pte<D>& pte, const typename D::Num& pfn) {
  return (is<D>(pte.kind, PteKind::present) || is<D>(pte.kind, PteKind::device_private)) &&
         pte.pfn == pfn;
}
template <class D>
typename D::Bool migrates(const Pte<D>& pte, const typename D::Num& pfn) {
  return is<D>(pte.kind, PteKind::migration) && pte.pfn == pfn;
}

template <class D>
Pte<D> present_pte(const typename D::Num& pfn, const typename D::Bool& read,
                   const typename D::Bool& write) {
  Pte<D> pte{};
  pte.kind = num<D>(PteKind::present);
  pte.pfn = pfn;
  pte.read = read;
  pte.write = write;
  return pte;
}
template <class D>
Pte<D> swap_pte(PteKind kind, const typename D::Num& pfn, const typename D::Bool& write,
                const typename D::Bool& exclusive) {
  Pte<D> pte{};
  pte.kind = num<D>(kind);
  pte.pfn = pfn;
  pte.write = write;
  pte.exclusive = exclusive;
  return pte;
}

// folio_try_dup_anon_rmap_pte() fails: an exclusive page that may be pinned is not shared by fork.
template <class D>
typename D::Bool must_copy_for_pin(const State<D>& s, const Pte<D>& pte) {
  const auto page = s.page.at(pte.pfn);
  return is<D>(pte.kind, PteKind::present) && page.anon_exclusive &&
         page.pins != typename D::Num(0);
}

}  // namespace hmm
