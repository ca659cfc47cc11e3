#pragma once
#include "properties/property.h"

namespace hmm {

// What a caller keeps of its range, and of the pages it holds under it; a free slot is blank.
//
// Kernel: include/linux/mmu_notifier.h mmu_notifier_invalidate_range_start(), mm/mmap.c.
struct RangesAreWellFormed {
  static constexpr const char* name = "ranges_are_well_formed";
  static constexpr const char* says =
      "an open range has the fields of its operation, and holds the pages that it needs";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    // What every range is.
    free_slot_is_blank,
    range_with_callbacks_to_come_has_pages_to_do,
    // munmap, mremap
    unmapped_page_has_no_entry,
    only_mremap_has_a_target,
    mremap_has_one_page,
    mremap_goes_elsewhere,
    moved_page_has_no_entry,
    target_of_mremap_is_empty_until_then,
    // fork
    only_fork_has_a_child,
    child_is_not_its_parent,
    // Pages that a range holds.
    only_wp_copy_has_a_copy,
    only_wp_copy_and_restore_hold_a_page,
    restore_has_one_page,
    exclusive_has_one_page,
    restore_holds_its_page,
    restored_page_is_one_that_the_cpu_reaches,
    exclusive_range_has_its_device_fault,
    // What wp_copy prepared is not reachable yet, and what it copied cannot change.
    copy_is_unused,
    copy_has_one_reference,
    copy_is_system_memory,
    copy_is_not_what_is_copied,
    copy_is_not_cached,
    copy_has_the_contents,
    copied_page_is_one_that_the_cpu_reaches,
    copied_page_is_not_exclusive,
    copied_page_is_not_cached,
    copied_page_is_not_writable,
    wp_copy_has_one_page,
    wp_copy_is_not_done,
    wp_copy_has_a_private_vma,
    copy_is_of_one_range
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      every(k, inv, slot, claim);
      munmap_and_mremap(s, inv, slot, claim);
      forks(inv, slot, claim);
      held_pages(s, inv, slot, claim);
      copy(s, inv, slot, claim);
      copied_pages(s, inv, slot, claim);
    });
  }

 private:
  template <class D>
  static typename D::Num pages_of(const Invalidation<D>& inv) {
    typename D::Num pages(0);
    for (const auto& covered : inv.covers.slot) pages = pages + to_num(covered);
    return pages;
  }

  template <class D, class Visit>
  static void every(const Profile& k, const Invalidation<D>& inv, unsigned slot,
                    const Visit& claim) {
    const auto here = row("invalidation", slot);
    claim(Claim::free_slot_is_blank, is_op<D>(inv, RangeOp::none), is_blank(inv), here);
    if (k.invalidate_at_start)
      claim(Claim::range_with_callbacks_to_come_has_pages_to_do,
            any_of(inv.pending) && any_of(inv.covers), any_of(inv.todo), here);
  }

  template <class D, class Visit>
  static void munmap_and_mremap(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                                const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("invalidation", slot);
    const auto mremap = is_op<D>(inv, RangeOp::mremap);
    for_each<D, sort::vpn>([&](unsigned v) {
      const auto done = inv.covers.at(v) && !inv.todo.at(v);
      const auto empty = is<D>(s.pte.at(inv.mm, v).kind, PteKind::none);
      claim(Claim::unmapped_page_has_no_entry, is_op<D>(inv, RangeOp::munmap) && done, empty, here,
            row("pte", inv.mm, v));
      claim(Claim::mremap_goes_elsewhere, mremap && inv.covers.at(v), inv.to != Num(v), here);
      claim(Claim::moved_page_has_no_entry, mremap && done, empty, here, row("pte", inv.mm, v));
    });
    claim(Claim::only_mremap_has_a_target, !mremap, inv.to == Num(0), here);
    claim(Claim::mremap_has_one_page, mremap, pages_of(inv) == Num(1), here);
    claim(Claim::target_of_mremap_is_empty_until_then, mremap && any_of(inv.todo),
          is<D>(s.pte.at(inv.mm, inv.to).kind, PteKind::none), here, row("pte", inv.mm, inv.to));
  }

  template <class D, class Visit>
  static void forks(const Invalidation<D>& inv, unsigned slot, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("invalidation", slot);
    const auto fork = is_op<D>(inv, RangeOp::fork);
    claim(Claim::only_fork_has_a_child, !fork, inv.child == Num(0), here);
    claim(Claim::child_is_not_its_parent, fork, inv.child != inv.mm, here);
  }

  template <class D, class Visit>
  static void held_pages(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                         const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    const auto here = row("invalidation", slot), held = row("page", inv.old_pfn);
    const auto unfinished = any_of(inv.todo);
    const auto copying = is_op<D>(inv, RangeOp::wp_copy) && unfinished;
    const auto restore = is_op<D>(inv, RangeOp::restore);
    claim(Claim::only_wp_copy_has_a_copy, !copying, inv.new_pfn == Num(0), here);
    claim(Claim::only_wp_copy_and_restore_hold_a_page, !copying && !(restore && unfinished),
          inv.old_pfn == Num(0), here);
    claim(Claim::restore_has_one_page, restore, pages_of(inv) == Num(1), here);
    claim(Claim::exclusive_has_one_page, is_op<D>(inv, RangeOp::exclusive), pages_of(inv) == Num(1),
          here);
    claim(Claim::restore_holds_its_page, restore && unfinished, inv.old_pfn != Num(0), here);
    claim(Claim::restored_page_is_one_that_the_cpu_reaches, restore && unfinished,
          is_cpu_addressable_page<D>(inv.old_pfn), here, held);
    Bool excludes = false;
    for (const auto& f : s.device_fault.slot) excludes = excludes || excludes_by<D>(f, slot);
    claim(Claim::exclusive_range_has_its_device_fault, is_op<D>(inv, RangeOp::exclusive), excludes,
          here);
  }

  template <class D, class Visit>
  static void copy(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                   const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("invalidation", slot), there = row("page", inv.new_pfn);
    const auto copying = is_op<D>(inv, RangeOp::wp_copy) && any_of(inv.todo);
    const auto page = s.page.at(inv.new_pfn);
    claim(Claim::copy_is_unused, copying, is_blank(page, &Page<D>::refcount, &Page<D>::contents),
          here, there);
    claim(Claim::copy_has_one_reference, copying, page.refcount == Num(1), here, there);
    claim(Claim::copy_is_system_memory, copying,
          inv.new_pfn != Num(0) && !is_zone_device_page<D>(inv.new_pfn), here);
    claim(Claim::copy_is_not_what_is_copied, copying, inv.new_pfn != inv.old_pfn, here);
    claim(Claim::copy_is_not_cached, copying, !is_cached<D>(s, inv.new_pfn), here, there);
    claim(Claim::copy_has_the_contents, copying, page.contents == s.page.at(inv.old_pfn).contents,
          here, there, row("page", inv.old_pfn));
    for_each_row(s.invalidation, [&](const auto& other, unsigned o) {
      if (o != slot)
        claim(Claim::copy_is_of_one_range,
              !is_op<D>(inv, RangeOp::none) && !is_op<D>(other, RangeOp::none) &&
                  inv.new_pfn != Num(0),
              other.new_pfn != inv.new_pfn && other.old_pfn != inv.new_pfn, here,
              row("invalidation", o));
    });
  }

  template <class D, class Visit>
  static void copied_pages(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                           const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("invalidation", slot), copied = row("page", inv.old_pfn);
    const auto copying = is_op<D>(inv, RangeOp::wp_copy) && any_of(inv.todo);
    claim(Claim::copied_page_is_one_that_the_cpu_reaches, copying,
          !is_device_private_page<D>(inv.old_pfn), here, copied);
    claim(Claim::copied_page_is_not_exclusive, copying, !s.page.at(inv.old_pfn).anon_exclusive,
          here, copied);
    claim(Claim::copied_page_is_not_cached, copying, !is_cached<D>(s, inv.old_pfn), here, copied);
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      claim(Claim::copied_page_is_not_writable,
            copying && !is_swap_entry<D>(pte) && pte.pfn == inv.old_pfn,
            !pte.write && !pte.exclusive, here, row("pte", mm, vpn));
    });
    claim(Claim::wp_copy_has_one_page, copying, pages_of(inv) == Num(1), here);
    for_each<D, sort::vpn>([&](unsigned v) {
      claim(Claim::wp_copy_is_not_done, copying && inv.covers.at(v), inv.todo.at(v), here);
      claim(Claim::wp_copy_has_a_private_vma, copying && inv.covers.at(v),
            !is_shared<D>(s.vma.at(inv.mm, v)), here, row("vma", inv.mm, v));
    });
  }
};

}  // namespace hmm
