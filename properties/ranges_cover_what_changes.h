#pragma once
#include "properties/property.h"

namespace hmm {

// A range is of pages that are there, and none of its entries changes before the driver of every
// device has been told; so what a driver does in its callback it does to pages that are still
// mapped.
//
// Kernel: include/linux/mmu_notifier.h mmu_notifier_invalidate_range_start(): "is called when all
// pages in the range are still mapped"; mm/memory.c unmap_page_range(), mm/mprotect.c
// change_protection_range() have a BUG_ON() of an empty range.
struct RangesCoverWhatChanges {
  static constexpr const char* name = "ranges_cover_what_changes";
  static constexpr const char* says =
      "an open range covers mapped pages, and no entry in it changes before every device is told";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    range_covers_a_page,
    covered_page_is_mapped,
    target_of_mremap_is_mapped,
    page_to_do_is_covered,
    nothing_is_done_before_the_callbacks
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      const auto here = row("invalidation", slot);
      const auto none = is_op<D>(inv, RangeOp::none);
      // What these two cover follows from the vmas, if there are any.
      const auto fork = is_op<D>(inv, RangeOp::fork), watch = is_op<D>(inv, RangeOp::clear_refs);
      const auto pending = any_of(inv.pending);
      claim(Claim::range_covers_a_page, !none && !fork, any_of(inv.covers), here);
      claim(Claim::target_of_mremap_is_mapped, is_op<D>(inv, RangeOp::mremap),
            s.vma.at(inv.mm, inv.to).mapped, here, row("vma", inv.mm, inv.to));
      for_each<D, sort::vpn>([&](unsigned v) {
        const auto todo = inv.todo.at(v), covered = inv.covers.at(v);
        claim(Claim::covered_page_is_mapped, covered && !fork && !watch, s.vma.at(inv.mm, v).mapped,
              here, row("vma", inv.mm, v));
        claim(Claim::page_to_do_is_covered, todo, covered, here);
        // Of an insert all pages are covered, and the holes to do.
        if (k.invalidate_at_start)
          claim(Claim::nothing_is_done_before_the_callbacks,
                pending && covered && !is_op<D>(inv, RangeOp::insert), todo, here);
      });
    });
  }
};

}  // namespace hmm
