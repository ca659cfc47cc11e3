#pragma once
#include "model/migrate.h"

// What properties are made of. A property is a struct with a name, a sentence, and
// holds(profile, state), written once for every domain.
namespace hmm {

template <class D, class Visit>
void for_each_pte(Visit visit) {
  for_each<D>(sort::mm, [&](unsigned m) {
    for_each<D>(sort::vpn, [&](unsigned v) { visit(typename D::Num(m), typename D::Num(v)); });
  });
}

template <class D, class Visit>
void for_each_page(Visit visit) {
  for_each<D>(sort::pfn, [&](unsigned pfn) { visit(typename D::Num(pfn)); });
}

template <class D, class Visit>
void for_each_mirror(Visit visit) {
  for_each<D>(sort::device, [&](unsigned d) {
    for_each<D>(sort::mirrored_mm, [&](unsigned m) {
      for_each<D>(sort::vpn, [&](unsigned v) {
        visit(typename D::Num(d), typename D::Num(m), typename D::Num(v));
      });
    });
  });
}

template <class D, class Visit>
void for_each_entry(Visit visit) {
  for_each<D>(sort::migration,
              [&](unsigned m) { for_each<D>(sort::vpn, [&](unsigned v) { visit(m, v); }); });
}

// A range over the page is open whose callback has not run for the device.
template <class D>
typename D::Bool is_pending(const State<D>& s, const typename D::Num& device,
                            const typename D::Num& mm, const typename D::Num& vpn) {
  typename D::Bool any = false;
  for (const auto& inv : s.invalidation.slot)
    any = any || (!is_op<D>(inv, RangeOp::none) && inv.mm == mm && inv.covers.at(vpn) &&
                  inv.pending.at(device));
  return any;
}

// The device pte is what the CPU pte allows.
template <class D>
typename D::Bool mirrors(const Mirror<D>& mirror, const Pte<D>& pte) {
  const auto exclusive = is<D>(pte.kind, PteKind::device_exclusive);
  const auto mapped = is<D>(pte.kind, PteKind::present) || is<D>(pte.kind, PteKind::device_private);
  return ite(mirror.exclusive, exclusive, mapped) && pte.pfn == mirror.pfn &&
         implies(mirror.write, pte.write);
}

template <class V>
auto same_vma(const V& a, const V& b) {
  return a.mapped == b.mapped && a.read == b.read && a.write == b.write &&
         a.soft_dirty == b.soft_dirty && a.file == b.file && a.pgoff == b.pgoff;
}

// The copy that wp_page_copy() prepared is not reachable yet, and what it copied cannot change.
template <class D>
typename D::Bool copy_is_ready(const State<D>& s, const Invalidation<D>& inv) {
  using Num = typename D::Num;
  const auto copy = s.page.at(inv.new_pfn);
  typename D::Bool ready = copy.refcount == Num(1) && !copy.anon && !copy.locked &&
                           !copy.anon_exclusive && copy.gets == Num(0) && copy.pins == Num(0) &&
                           inv.new_pfn != Num(0) && inv.new_pfn != inv.old_pfn &&
                           !is_zone_device_page<D>(inv.new_pfn) &&
                           !is_device_private_page<D>(inv.old_pfn);
  Num covered(0);
  ready = ready && copy.contents == s.page.at(inv.old_pfn).contents &&
          !s.page.at(inv.old_pfn).anon_exclusive && !is_cached<D>(s, inv.old_pfn) &&
          !is_cached<D>(s, inv.new_pfn);
  for (const auto& pte : s.pte.slot)
    ready = ready && implies(pte.pfn == inv.old_pfn, !pte.write && !pte.exclusive);
  for (unsigned v = 0; v < D::scope.vpns; ++v) {
    covered = covered + to_num(inv.covers.at(Num(v)));
    ready = ready &&
            implies(inv.covers.at(Num(v)), inv.todo.at(Num(v)) && s.vma.at(inv.mm, Num(v)).write &&
                                               !is_shared<D>(s.vma.at(inv.mm, Num(v))));
  }
  return ready && covered == Num(1);
}

// The range is the one that the migration, or the device fault, opened.
template <class D, class Opener>
typename D::Bool same_range(const State<D>& s, const Opener& m, const Invalidation<D>& inv) {
  typename D::Bool same = false;
  for_each<D>(sort::invalidation, [&](unsigned i) {
    if (&inv == &s.invalidation.slot[i]) same = m.invalidation == typename D::Num(i);
  });
  return same;
}

}  // namespace hmm
