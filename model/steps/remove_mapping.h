#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// A page of a shmem object, or one that MADV_FREE has given up, is reclaimed: unmapped everywhere
// and, unless it is dirty, dropped, so that who reads it next finds what nobody wrote to.
//
// Kernel: mm/vmscan.c shrink_folio_list(), __remove_mapping(), mm/rmap.c try_to_unmap_one(). The
// page is locked throughout. Simplified: there is no swap for a page of a file that is dirty, which
// stays in the page cache, unmapped; entries are looked at in the order of their processes; one
// that somebody has beside those who map it stays as it is. The devices are told and each entry is
// changed in the one step. A kernel that kept what entries are soft-dirty is taken to leave their
// page mapped.
template <class D>
struct RemoveMapping {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "remove_mapping";
  static constexpr std::array verdicts{Verdict::ok, Verdict::page_is_free, Verdict::page_in_use,
                                       Verdict::page_locked};

  Num pfn{};

  static constexpr Gate gate{&Scope::reclaims};
  static constexpr auto fields() {
    return Fields{field("pfn", &RemoveMapping::pfn, sort::system_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    static_assert(D::scope.reclaims == 0 ||
                  (D::scope.dirty_bits != 0 && (D::scope.files != 0 || D::scope.lazyfrees != 0)));
    const auto page = s.page.at(pfn);
    Bool watched = false;
    for (const auto& pte : s.pte.slot)
      watched = watched || (is_mapping<D>(k, pte, pfn) && pte.soft_dirty);
    const Bool cached = is_cached<D>(s, pfn);
    return Guards<D>(k, name)
        .end_if("page_is_free", is_free<D>(s, pfn), Verdict::page_is_free)
        .end_if("not_lru", !page.lru, Verdict::page_in_use)
        .end_if("not_cached", !cached && !page.lazyfree, Verdict::page_in_use)
        .end_if("page_locked", page.locked, Verdict::page_locked)
        .end_if("refcount", page.refcount != page.mapcount + to_num(cached), Verdict::page_in_use)
        .end_if("pte_soft_dirty", Bool(!k.reclaim_forgets_soft_dirty) && cached && watched,
                Verdict::page_in_use)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Filters<D> checks(k, name);
    Bool goes_on = true;
    for_each<D, sort::mm>([&](unsigned m) {
      for_each<D, sort::vpn>([&](unsigned v) {
        const Bool here = is_mapping<D>(k, s.pte.at(Num(m), Num(v)), pfn) && goes_on;
        when(here, s, [&](State<D>& t) { try_to_unmap_one(k, t, Num(m), Num(v)); });
        goes_on = goes_on && !(here && is_mapping<D>(k, s.pte.at(Num(m), Num(v)), pfn));
      });
    });
    Bool clean = false;
    for (const auto& c : s.cached.slot)
      clean = clean || (c.pfn == pfn && !(c.dirty && Bool(checks("page_dirty"))));
    when(clean, s, [&](State<D>& t) {
      if (does("remove_cached"))
        for (auto& c : t.cached.slot)
          when(c.pfn == pfn, c, [](Cached<D>& x) {
            x.pfn = Num(0);
            x.dirty = false;
          });
      if (does("put_page")) put_page<D>(k, t, pfn);
    });
  }

 private:
  // A page that was written after all is left mapped, and is one that MADV_FREE never saw.
  void try_to_unmap_one(const Profile& k, State<D>& s, const Num& mm, const Num& vpn) const {
    const Effects<D> does(k, "try_to_unmap_one");
    const Filters<D> checks(k, "try_to_unmap_one");
    tell<D>(does, k, s, mm, vpn);
    if (does("mark_dirty")) mark_dirty<D>(s, pfn, s.pte.at(mm, vpn).dirty);
    Bool redirtied = false;
    if constexpr (D::scope.lazyfrees != 0)
      redirtied = s.page.at(pfn).lazyfree && s.page.at(pfn).dirty && Bool(checks("redirtied"));
    when(!redirtied, s, [&](State<D>& t) { unmap(does, k, t, mm, vpn); });
    if (does("set_swapbacked"))
      when(redirtied, s,
           [&](State<D>& t) { t.page.update([](Page<D>& p) { p.lazyfree = false; }, pfn); });
  }
  void unmap(const Effects<D>& does, const Profile& k, State<D>& s, const Num& mm,
             const Num& vpn) const {
    const Bool soft_dirty = s.pte.at(mm, vpn).soft_dirty, cached = is_cached<D>(s, pfn);
    if (does("set_pte")) s.pte.set(Pte<D>{}, mm, vpn);
    if (does("clear_ghost"))
      s.ghost.update(
          [&](Ghost<D>& g) {
            when(cached, g, [&](Ghost<D>& h) {
              h.value = Num(0);
              h.watch = ite(soft_dirty, h.watch, num<D>(Watch::none));
            });
            when(!cached && g.freed, g, [](Ghost<D>& h) { h = Ghost<D>{}; });
          },
          mm, vpn);
    if (does("remove_rmap")) remove_rmap<D>(s, pfn);
    if (does("put_page")) put_page<D>(k, s, pfn);
  }
};

}  // namespace hmm
