#pragma once
#include "properties/property.h"

namespace hmm {

// A page of the swap cache that nobody has written since it was read or written out is dropped and
// not written again, and a page of the page cache that nobody has written at all. So who takes a
// dirty entry away marks the page.
//
// Kernel: mm/rmap.c try_to_unmap_one(), mm/migrate_device.c migrate_vma_collect_pmd(); mm/vmscan.c
// pageout() writes what is dirty only.
struct DirtyIsNeverLost {
  static constexpr const char* name = "dirty_is_never_lost";
  static constexpr const char* says =
      "a page that is not what its slot of swap or its file has is dirty, or an entry of it is";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    page_unlike_its_slot_is_dirty,
    page_of_a_file_that_was_written_is_dirty,
    page_that_was_written_since_madv_free_is_dirty
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.swap_slot, [&](const auto& swap, unsigned slot) {
      typename D::Bool read = swap.count != Num(0), dirty = swap.dirty;
      for (const auto& pte : s.pte.slot) {
        const auto names = !is<D>(pte.kind, PteKind::none) && pte.pfn == swap.pfn;
        read = read || names;
        dirty = dirty || (names && pte.dirty);
      }
      claim(Claim::page_unlike_its_slot_is_dirty,
            swap.pfn != Num(0) && read && s.page.at(swap.pfn).contents != swap.contents, dirty,
            row("swap_slot", slot), row("page", swap.pfn));
    });
    if constexpr (D::scope.lazyfrees != 0)
      for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
        const auto page = s.page.at(pte.pfn);
        const auto names = !is<D>(pte.kind, PteKind::none) && !is_swap_entry<D>(pte);
        claim(Claim::page_that_was_written_since_madv_free_is_dirty,
              names && page.lazyfree && !s.ghost.at(mm, vpn).freed && page.contents != Num(0),
              page.dirty || is_dirty_somewhere(s, pte.pfn), row("pte", mm, vpn),
              row("page", pte.pfn), row("ghost", mm, vpn));
      });
    if constexpr (D::scope.reclaims != 0)
      for_each_row(s.cached, [&](const auto& c, unsigned file, unsigned vpn) {
        const auto dirty = c.dirty || is_dirty_somewhere(s, c.pfn);
        // Reading it anew gives zeroes.
        claim(Claim::page_of_a_file_that_was_written_is_dirty,
              c.pfn != Num(0) && s.page.at(c.pfn).contents != Num(0), dirty,
              row("cached", file, vpn), row("page", c.pfn));
      });
  }

 private:
  template <class D>
  static typename D::Bool is_dirty_somewhere(const State<D>& s, const typename D::Num& pfn) {
    typename D::Bool dirty = false;
    for (const auto& pte : s.pte.slot)
      dirty = dirty || (!is<D>(pte.kind, PteKind::none) && pte.pfn == pfn && pte.dirty);
    return dirty;
  }
};

}  // namespace hmm
