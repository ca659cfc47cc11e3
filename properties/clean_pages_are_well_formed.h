#pragma once
#include "properties/property.h"

namespace hmm {

// What an anonymous page has that neither swap nor a page of zeroes has is written nowhere else,
// and each of its entries says so, or the page does. MADV_FREE, which makes both clean, relies on
// that: whoever else has a clean entry of a page that is not dirty would lose it.
//
// Kernel: mm/madvise.c madvise_free_pte_range(), which leaves a dirty page alone that others map.
struct CleanPagesAreWellFormed {
  static constexpr const char* name = "clean_pages_are_well_formed";
  static constexpr const char* says =
      "an anonymous page is dirty, or each entry of it is, unless swap has it, it has zeroes, or "
      "MADV_FREE gave it up";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    dirty_page_is_anonymous,
    page_of_madv_free_is_anonymous,
    page_of_madv_free_is_in_no_swap_cache,
    page_that_only_memory_has_is_dirty,
    page_that_a_device_may_write_is_dirty,
    exclusive_page_is_dirty,
    copy_that_only_memory_has_is_dirty,
    memory_of_files_is_not_given_up,
    child_has_entries_as_dirty_as_its_parent,
    child_has_the_pages_of_its_parent,
    page_is_mapped_once_in_a_process
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    if constexpr (D::scope.lazyfrees != 0) {
      for_each_row(s.page, [&](const auto& page, unsigned pfn) {
        const auto here = row("page", pfn);
        claim(Claim::dirty_page_is_anonymous, page.dirty, page.anon, here);
        claim(Claim::page_of_madv_free_is_anonymous, page.lazyfree, page.anon, here);
        claim(Claim::page_of_madv_free_is_in_no_swap_cache, page.lazyfree,
              !is_in_swap_cache<D>(s, typename D::Num(pfn)), here);
      });
      ranges(s, claim);
      twice(s, claim);
      if (is_sequenced(k) && k.driver_marks_dirty && k.collect_marks_dirty) written(s, claim);
    }
  }

 private:
  // Somebody has written there, and has not given up what was written.
  template <class D>
  static typename D::Bool is_written(const Ghost<D>& ghost, const typename D::Num& contents) {
    return !ghost.freed && (contents != typename D::Num(0) || is<D>(ghost.watch, Watch::written));
  }

  template <class D, class Visit>
  static void written(const State<D>& s, const Visit& claim) {
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      const auto page = s.page.at(pte.pfn);
      const auto names = !is<D>(pte.kind, PteKind::none) && !is_swap_entry<D>(pte) && page.anon;
      claim(Claim::page_that_only_memory_has_is_dirty,
            names && !is_in_swap_cache<D>(s, pte.pfn) &&
                is_written(s.ghost.at(mm, vpn), page.contents),
            page.dirty || pte.dirty, row("pte", mm, vpn), row("page", pte.pfn),
            row("ghost", mm, vpn));
      claim(Claim::exclusive_page_is_dirty, is<D>(pte.kind, PteKind::device_exclusive) && page.anon,
            page.dirty, row("pte", mm, vpn), row("page", pte.pfn));
    });
    for_each_row(s.mirror, [&](const auto& m, unsigned device, unsigned mm, unsigned vpn) {
      claim(Claim::page_that_a_device_may_write_is_dirty, m.write && s.page.at(m.pfn).anon,
            s.page.at(m.pfn).dirty, row("mirror", device, mm, vpn), row("page", m.pfn));
    });
    for_each_row(s.migrate_entry, [&](const auto& e, unsigned slot, unsigned page) {
      const auto goes = is<D>(e.stage, EntryStage::moved) && e.migrate && e.has_dst;
      for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
        claim(Claim::copy_that_only_memory_has_is_dirty,
              goes && migrates<D>(pte, e.src) &&
                  is_written(s.ghost.at(mm, vpn), s.page.at(e.dst).contents),
              s.page.at(e.dst).dirty, row("migrate_entry", slot, page), row("page", e.dst),
              row("pte", mm, vpn), row("ghost", mm, vpn));
      });
    });
  }

  // The one is a migration entry, and the page that is put in its place is what the other names.
  template <class D>
  static typename D::Bool goes_to(const State<D>& s, const Pte<D>& pte, const Pte<D>& there) {
    typename D::Bool any = false;
    for (const auto& e : s.migrate_entry.slot)
      any = any || (migrates<D>(pte, e.src) && e.has_dst && e.dst == there.pfn);
    return any;
  }

  template <class D>
  static typename D::Bool goes_to_lazyfree(const State<D>& s, const Pte<D>& pte) {
    typename D::Bool any = false;
    for (const auto& e : s.migrate_entry.slot)
      any = any || (migrates<D>(pte, e.src) && e.has_dst && s.page.at(e.dst).lazyfree);
    return any;
  }

  template <class D, class Visit>
  static void twice(const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      for_each<D, sort::vpn>([&](unsigned v) {
        if (v == vpn) return;
        const auto here = s.vma.at(mm, vpn).file == Num(0);
        claim(Claim::page_is_mapped_once_in_a_process, here && s.vma.at(mm, v).file == Num(0),
              !are_one(s, pte, s.pte.at(mm, v)), row("pte", mm, vpn), row("pte", mm, v));
        for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
          claim(Claim::page_is_mapped_once_in_a_process,
                is_op<D>(inv, RangeOp::fork) && inv.mm == Num(mm) && here &&
                    s.vma.at(inv.child, v).file == Num(0),
                !are_one(s, pte, s.pte.at(inv.child, v)), row("invalidation", slot),
                row("pte", mm, vpn), row("pte", inv.child, v));
        });
      });
    });
  }
  // Of private mappings: both name one page, or will once it has moved or is read in.
  template <class D>
  static typename D::Bool are_one(const State<D>& s, const Pte<D>& pte, const Pte<D>& other) {
    const auto swap = is_swap_entry<D>(pte), swaps = is_swap_entry<D>(other);
    const auto names = [&](const Pte<D>& p) {
      return !is<D>(p.kind, PteKind::none) && !is_swap_entry<D>(p) && !is_zero_pfn<D>(p.pfn);
    };
    const auto page = names(pte), there = names(other);
    return (page && there && pte.pfn == other.pfn) || (page && goes_to(s, other, pte)) ||
           (there && goes_to(s, pte, other)) || (swap && swaps) ||
           (swap && there && is_in_swap_cache<D>(s, other.pfn)) ||
           (swaps && page && is_in_swap_cache<D>(s, pte.pfn));
  }

  template <class D, class Visit>
  static void ranges(const State<D>& s, const Visit& claim) {
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      for_each<D, sort::vpn>([&](unsigned v) {
        const auto pte = s.pte.at(inv.mm, v), child = s.pte.at(inv.child, v);
        claim(Claim::memory_of_files_is_not_given_up,
              is_op<D>(inv, RangeOp::free) && inv.covers.at(v),
              s.vma.at(inv.mm, v).file == typename D::Num(0), row("invalidation", slot),
              row("vma", inv.mm, v));
        claim(Claim::child_has_entries_as_dirty_as_its_parent,
              is_op<D>(inv, RangeOp::fork) && pte.pfn == child.pfn && s.page.at(pte.pfn).lazyfree &&
                  is<D>(child.kind, PteKind::present) && is<D>(pte.kind, PteKind::present),
              pte.dirty == child.dirty, row("invalidation", slot), row("pte", inv.mm, v),
              row("pte", inv.child, v));
        const auto copied = is_op<D>(inv, RangeOp::fork) && inv.covers.at(v) && !inv.todo.at(v) &&
                            s.vma.at(inv.mm, v).file == typename D::Num(0);
        claim(Claim::child_has_the_pages_of_its_parent,
              copied && !is<D>(child.kind, PteKind::none) &&
                  (s.page.at(child.pfn).lazyfree || goes_to_lazyfree(s, child)),
              pte.pfn == child.pfn || goes_to(s, pte, child) || goes_to(s, child, pte),
              row("invalidation", slot), row("pte", inv.mm, v), row("pte", inv.child, v));
      });
    });
  }
};

}  // namespace hmm
