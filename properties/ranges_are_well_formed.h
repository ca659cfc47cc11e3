#pragma once
#include "properties/property.h"

namespace hmm {

// The mmap lock excludes writers and everybody else; a free slot is blank.
//
// Kernel: include/linux/mmu_notifier.h mmu_notifier_invalidate_range_start(), mm/mmap.c.
struct RangesAreWellFormed {
  static constexpr const char* name = "ranges_are_well_formed";
  static constexpr const char* says =
      "an open range has the fields of its operation; nobody holds the mmap lock against another";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    // What every range is.
    free_slot_is_blank,
    range_is_of_a_living_mm,
    range_covers_a_page,
    page_to_do_is_covered,
    covered_page_is_mapped,
    nothing_is_done_before_the_callbacks,
    range_with_callbacks_to_come_has_pages_to_do,
    // munmap, mremap
    unmapped_page_has_no_entry,
    only_mremap_has_a_target,
    mremap_has_one_page,
    mremap_goes_elsewhere,
    mremap_keeps_the_vma,
    moved_page_has_no_entry,
    target_of_mremap_is_mapped,
    target_of_mremap_is_empty_until_then,
    // fork
    only_fork_has_a_child,
    child_is_not_alive_yet,
    child_is_not_its_parent,
    child_has_the_vmas_of_its_parent,
    child_has_no_entry_before_it_is_copied,
    mapped_vma_is_of_an_mm_that_lives_or_is_copied,
    // Pages that a range holds.
    only_wp_copy_has_a_copy,
    only_wp_copy_and_restore_hold_a_page,
    restore_has_one_page,
    exclusive_has_one_page,
    restore_holds_its_page,
    restored_page_is_one_that_the_cpu_reaches,
    restored_page_is_anonymous,
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
    wp_copy_has_a_writable_private_vma,
    copy_is_of_one_range,
    // mmap_write_lock() excludes every other holder, but not a fault in a vma it leaves alone.
    writer_excludes_other_ranges,
    writer_excludes_migrations,
    writer_excludes_cpu_faults
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      every(k, s, inv, slot, claim);
      munmap_and_mremap(s, inv, slot, claim);
      forks(s, inv, slot, claim);
      held_pages(s, inv, slot, claim);
      copy(s, inv, slot, claim);
      copied_pages(s, inv, slot, claim);
      locks_against_ranges(k, s, inv, slot, claim);
      locks_against_faults(s, inv, slot, claim);
    });
    children(s, claim);
  }

 private:
  template <class D>
  static typename D::Num pages_of(const Invalidation<D>& inv) {
    typename D::Num pages(0);
    for (const auto& covered : inv.covers.slot) pages = pages + to_num(covered);
    return pages;
  }

  template <class D, class Visit>
  static void every(const Profile& k, const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                    const Visit& claim) {
    const auto here = row("invalidation", slot);
    const auto none = is_op<D>(inv, RangeOp::none);
    const auto fork = is_op<D>(inv, RangeOp::fork);
    const auto covers = any_of(inv.covers), pending = any_of(inv.pending);
    claim(Claim::free_slot_is_blank, none, is_blank(inv), here);
    claim(Claim::range_is_of_a_living_mm, !none, s.mm.at(inv.mm).alive, here, row("mm", inv.mm));
    claim(Claim::range_covers_a_page, !none && !fork, covers, here);
    for_each<D, sort::vpn>([&](unsigned v) {
      const auto todo = inv.todo.at(v), covered = inv.covers.at(v);
      claim(Claim::page_to_do_is_covered, todo, covered, here);
      claim(Claim::covered_page_is_mapped, covered && !fork && !is_op<D>(inv, RangeOp::clear_refs),
            s.vma.at(inv.mm, v).mapped, here, row("vma", inv.mm, v));
      if (k.invalidate_at_start)
        claim(Claim::nothing_is_done_before_the_callbacks,
              pending && covered && !is_op<D>(inv, RangeOp::insert), todo, here);
    });
    if (k.invalidate_at_start)
      claim(Claim::range_with_callbacks_to_come_has_pages_to_do, pending && covers,
            any_of(inv.todo), here);
  }

  template <class D, class Visit>
  static void munmap_and_mremap(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                                const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("invalidation", slot), target = row("vma", inv.mm, inv.to);
    const auto mremap = is_op<D>(inv, RangeOp::mremap);
    for_each<D, sort::vpn>([&](unsigned v) {
      const auto done = inv.covers.at(v) && !inv.todo.at(v);
      const auto empty = is<D>(s.pte.at(inv.mm, v).kind, PteKind::none);
      claim(Claim::unmapped_page_has_no_entry, is_op<D>(inv, RangeOp::munmap) && done, empty, here,
            row("pte", inv.mm, v));
      claim(Claim::mremap_goes_elsewhere, mremap && inv.covers.at(v), inv.to != Num(v), here);
      claim(Claim::mremap_keeps_the_vma, mremap && inv.covers.at(v),
            same(s.vma.at(inv.mm, v), s.vma.at(inv.mm, inv.to)), here, row("vma", inv.mm, v),
            target);
      claim(Claim::moved_page_has_no_entry, mremap && done, empty, here, row("pte", inv.mm, v));
    });
    claim(Claim::only_mremap_has_a_target, !mremap, inv.to == Num(0), here);
    claim(Claim::mremap_has_one_page, mremap, pages_of(inv) == Num(1), here);
    claim(Claim::target_of_mremap_is_mapped, mremap, s.vma.at(inv.mm, inv.to).mapped, here, target);
    claim(Claim::target_of_mremap_is_empty_until_then, mremap && any_of(inv.todo),
          is<D>(s.pte.at(inv.mm, inv.to).kind, PteKind::none), here, row("pte", inv.mm, inv.to));
  }

  template <class D, class Visit>
  static void forks(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                    const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("invalidation", slot);
    const auto fork = is_op<D>(inv, RangeOp::fork);
    claim(Claim::only_fork_has_a_child, !fork, inv.child == Num(0), here);
    claim(Claim::child_is_not_alive_yet, fork, !s.mm.at(inv.child).alive, here,
          row("mm", inv.child));
    claim(Claim::child_is_not_its_parent, fork, inv.child != inv.mm, here);
    for_each<D, sort::vpn>([&](unsigned v) {
      claim(Claim::child_has_the_vmas_of_its_parent, fork,
            same(s.vma.at(inv.mm, v), s.vma.at(inv.child, v)), here, row("vma", inv.mm, v),
            row("vma", inv.child, v));
      claim(Claim::child_has_no_entry_before_it_is_copied,
            fork && (inv.todo.at(v) || !inv.covers.at(v)),
            is<D>(s.pte.at(inv.child, v).kind, PteKind::none), here, row("pte", inv.child, v));
    });
  }

  template <class D, class Visit>
  static void children(const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    for_each_row(s.vma, [&](const auto& vma, unsigned mm, unsigned vpn) {
      Bool child = false;
      for (const auto& inv : s.invalidation.slot)
        child = child || (is_op<D>(inv, RangeOp::fork) && inv.child == Num(mm));
      claim(Claim::mapped_vma_is_of_an_mm_that_lives_or_is_copied, vma.mapped,
            s.mm.at(mm).alive || child, row("vma", mm, vpn), row("mm", mm));
    });
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
    claim(Claim::restored_page_is_anonymous, restore && unfinished, s.page.at(inv.old_pfn).anon,
          here, held);
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
      claim(Claim::copied_page_is_not_writable, copying && pte.pfn == inv.old_pfn,
            !pte.write && !pte.exclusive, here, row("pte", mm, vpn));
    });
    claim(Claim::wp_copy_has_one_page, copying, pages_of(inv) == Num(1), here);
    for_each<D, sort::vpn>([&](unsigned v) {
      const auto vma = s.vma.at(inv.mm, v);
      claim(Claim::wp_copy_is_not_done, copying && inv.covers.at(v), inv.todo.at(v), here);
      claim(Claim::wp_copy_has_a_writable_private_vma, copying && inv.covers.at(v),
            vma.write && !is_shared<D>(vma), here, row("vma", inv.mm, v));
    });
  }

  // A fault in a vma that the writer leaves alone is not kept waiting.
  template <class D>
  static typename D::Bool is_beside(const Profile& k, const Invalidation<D>& writer,
                                    const Invalidation<D>& other) {
    if (!k.fault_locks_vma) return false;
    auto beside = is_op<D>(other, RangeOp::wp_copy) || is_op<D>(other, RangeOp::restore);
    for_each<D, sort::vpn>([&](unsigned v) {
      beside = beside && implies(other.covers.at(v), changes_beside<D>(writer, v));
    });
    return beside;
  }

  // A fork locks its child as well, and no other fork may be making that one.
  template <class D, class Visit>
  static void locks_against_ranges(const Profile& k, const State<D>& s, const Invalidation<D>& inv,
                                   unsigned slot, const Visit& claim) {
    for_each_row(s.invalidation, [&](const auto& other, unsigned o) {
      if (o == slot) return;
      const auto there = !is_op<D>(other, RangeOp::none);
      const auto forks = is_op<D>(other, RangeOp::fork);
      claim(Claim::writer_excludes_other_ranges,
            is_writer<D>(inv) && there && !is_beside<D>(k, inv, other),
            !write_locks<D>(inv, other.mm) && !(forks && write_locks<D>(inv, other.child)),
            row("invalidation", slot), row("invalidation", o));
    });
  }

  template <class D, class Visit>
  static void locks_against_faults(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                                   const Visit& claim) {
    const auto here = row("invalidation", slot);
    for_each_row(s.migration, [&](const auto& m, unsigned i) {
      claim(Claim::writer_excludes_migrations,
            is_writer<D>(inv) && !is<D>(m.stage, MigrationStage::idle) && !m.by_pfn,
            !write_locks<D>(inv, m.mm), here, row("migration", i));
    });
    for_each_row(s.cpu_fault, [&](const auto& f, unsigned i) {
      claim(Claim::writer_excludes_cpu_faults,
            is_writer<D>(inv) && !is<D>(f.stage, CpuFaultStage::idle), !write_locks<D>(inv, f.mm),
            here, row("cpu_fault", i));
    });
  }
};

}  // namespace hmm
