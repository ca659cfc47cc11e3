#pragma once
#include "model/notifier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// The process gives up what an anonymous page has: its entry and the page are clean from here on,
// and reclaim may drop the page until somebody writes to it again.
//
// Kernel: mm/madvise.c madvise_free_pte_range(), mm/swap.c folio_mark_lazyfree(): one step, under
// the pte lock. A page that is dirty or in the swap cache stays what it is unless it is mapped here
// only; an entry of swap is cleared. A device's page is passed over.
template <class D>
struct MadviseFreePteRange {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "madvise_free_pte_range";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr Gate gate{&Scope::lazyfrees};
  static constexpr auto fields() {
    return Fields{field("slot", &MadviseFreePteRange::slot, sort::invalidation),
                  field("vpn", &MadviseFreePteRange::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::free), Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Filters<D> checks(k, name);
    const Num mm = s.invalidation.at(slot).mm;
    const auto pte = s.pte.at(mm, vpn);
    const auto page = s.page.at(pte.pfn);
    const Bool cached = is_in_swap_cache<D>(s, pte.pfn);
    const Bool alone = (page.mapcount == Num(1) || Bool(!checks("shared"))) &&
                       (!page.locked || Bool(!checks("page_locked"))) &&
                       (!cached || can_free_swap<D>(s, pte.pfn));
    const Bool here = is<D>(pte.kind, PteKind::present) && !is_zero_pfn<D>(pte.pfn) &&
                      !is_zone_device_page<D>(pte.pfn) && (alone || !(page.dirty || cached));
    when(here, s, [&](State<D>& t) {
      if (does("free_swap")) free_swap<D>(k, t, pte.pfn);
      t.page.update(
          [&](Page<D>& p) {
            if (does("clear_dirty")) p.dirty = false;
            if (does("mark_lazyfree")) p.lazyfree = p.anon && p.lru;
          },
          pte.pfn);
      if (does("clear_pte_dirty")) t.pte.update([](Pte<D>& p) { p.dirty = false; }, mm, vpn);
      t.ghost.update([](Ghost<D>& g) { g.freed = true; }, mm, vpn);
    });
    when(is_swap_entry<D>(pte), s, [&](State<D>& t) {
      if (does("put_swap")) free_swap_and_cache<D>(k, t);
      if (does("clear_pte")) t.pte.set(Pte<D>{}, mm, vpn);
      if (does("clear_ghost")) t.ghost.set(Ghost<D>{}, mm, vpn);
    });
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
