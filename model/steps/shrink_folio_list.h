#pragma once
#include "model/notifier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// An anonymous page is reclaimed: unmapped everywhere, written to its slot of swap unless what is
// there is what it has, and freed.
//
// Kernel: mm/vmscan.c shrink_folio_list(), __remove_mapping(), mm/swap_state.c add_to_swap(),
// mm/rmap.c try_to_unmap_one(), mm/page_io.c swap_writepage(). The page is locked throughout, so
// that who meets the entry waits. Simplified: a page that somebody has beside those who map it
// stays as it is; the kernel unmaps one that get_user_pages() has, and keeps it in the swap cache.
// The devices are told and each entry is changed in the one step.
template <class D>
struct ShrinkFolioList {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "shrink_folio_list";
  static constexpr std::array verdicts{Verdict::ok, Verdict::page_is_free, Verdict::page_in_use,
                                       Verdict::page_locked, Verdict::slot_busy};

  Num pfn{};

  static constexpr Gate gate{&Scope::swaps};
  static constexpr auto fields() {
    return Fields{field("pfn", &ShrinkFolioList::pfn, sort::system_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto page = s.page.at(pfn);
    const Bool cached = is_in_swap_cache<D>(s, pfn);
    Bool full = true;
    for (const auto& swap : s.swap_slot.slot) full = full && !is_blank(swap);
    return Guards<D>(k, name)
        .end_if("page_is_free", is_free<D>(s, pfn), Verdict::page_is_free)
        .end_if("not_lru", !page.lru, Verdict::page_in_use)
        .end_if("not_anon", !page.anon, Verdict::page_in_use)
        .end_if("lazyfree", page.lazyfree, Verdict::page_in_use)
        .end_if("page_locked", page.locked, Verdict::page_locked)
        .end_if("refcount", page.refcount != page.mapcount + to_num(cached), Verdict::page_in_use)
        .end_if("swap_full", !cached && full, Verdict::slot_busy)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    when(!is_in_swap_cache<D>(s, pfn), s, [&](State<D>& t) { add_to_swap(does, t); });
    for_each<D, sort::mm>([&](unsigned m) {
      for_each<D, sort::vpn>([&](unsigned v) {
        when(is_mapping<D>(k, s.pte.at(Num(m), Num(v)), pfn), s,
             [&](State<D>& t) { try_to_unmap_one(k, t, Num(m), Num(v)); });
      });
    });
    const Num contents = s.page.at(pfn).contents;
    for (auto& swap : s.swap_slot.slot)
      when(caches<D>(swap, pfn), swap, [&](SwapSlot<D>& x) {
        if (does("write_out")) x.contents = ite(x.dirty, contents, x.contents);
        if (does("remove_cached")) {
          x.pfn = Num(0);
          x.dirty = false;
        }
        when(x.count == Num(0) && x.pfn == Num(0), x, [](SwapSlot<D>& y) { y = SwapSlot<D>{}; });
      });
    if (does("put_page")) put_page<D>(k, s, pfn);
  }

 private:
  // mm/swap_state.c add_to_swap() marks the page dirty, whatever its ptes say.
  void add_to_swap(const Effects<D>& does, State<D>& s) const {
    if (does("add_cached"))
      for (auto& swap : s.swap_slot.slot) {
        swap.pfn = pfn;
        swap.dirty = true;
      }
    if (does("get_page")) get_page<D>(s, pfn);
  }

  void try_to_unmap_one(const Profile& k, State<D>& s, const Num& mm, const Num& vpn) const {
    const Effects<D> does(k, "try_to_unmap_one");
    tell<D>(does, k, s, mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    if (does("mark_dirty")) mark_dirty<D>(s, pfn, pte.dirty);
    Pte<D> entry = made_swap_entry<D>(pte, PteKind::swap, false, false);
    entry.pfn = Num(0);
    if (does("keep_exclusive")) entry.exclusive = s.page.at(pfn).anon_exclusive;
    if (!does("keep_soft_dirty")) entry.soft_dirty = false;
    if (does("swap_duplicate")) swap_duplicate<D>(s);
    if (does("clear_anon_exclusive"))
      s.page.update([](Page<D>& p) { p.anon_exclusive = false; }, pfn);
    if (does("set_pte")) s.pte.set(entry, mm, vpn);
    if (does("remove_rmap")) remove_rmap<D>(s, pfn);
    if (does("put_page")) put_page<D>(k, s, pfn);
  }
};

}  // namespace hmm
