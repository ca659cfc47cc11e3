#pragma once
#include "properties/property.h"

namespace hmm {

// The mmap lock excludes writers and everybody else; a free slot is blank.
struct RangesAreWellFormed {
  static constexpr const char* name = "ranges_are_well_formed";
  static constexpr const char* says =
      "an open range has the fields of its operation; nobody holds the mmap lock against another";
  static constexpr bool is_strengthening = true;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each<D>(sort::invalidation, [&](unsigned i) {
      const auto inv = s.invalidation.at(Num(i));
      const auto none = is_op<D>(inv, RangeOp::none);
      const auto fork = is_op<D>(inv, RangeOp::fork);
      const auto wp_copy = is_op<D>(inv, RangeOp::wp_copy);
      const auto restore = is_op<D>(inv, RangeOp::restore);
      const auto mremap = is_op<D>(inv, RangeOp::mremap);
      const auto writer = is_op<D>(inv, RangeOp::munmap) || is_op<D>(inv, RangeOp::mprotect) ||
                          is_op<D>(inv, RangeOp::mremap) || is_op<D>(inv, RangeOp::clear_refs) ||
                          fork;
      Bool unfinished = false, covers = false, pending = false;
      Num covered_pages(0);
      for (const auto& one : inv.pending.slot) pending = pending || one;
      for (unsigned v = 0; v < D::scope.vpns; ++v) {
        const auto todo = inv.todo.at(Num(v));
        const auto covered = inv.covers.at(Num(v));
        all = all && implies(todo, covered);
        all = all && implies(covered && !fork && !is_op<D>(inv, RangeOp::clear_refs),
                             s.vma.at(inv.mm, Num(v)).mapped);
        all = all && implies(fork, same_vma(s.vma.at(inv.mm, Num(v)), s.vma.at(inv.child, Num(v))));
        all = all && implies(is_op<D>(inv, RangeOp::munmap) && covered && !todo,
                             is<D>(s.pte.at(inv.mm, Num(v)).kind, PteKind::none));
        all = all && implies(fork && (todo || !covered),
                             is<D>(s.pte.at(inv.child, Num(v)).kind, PteKind::none));
        covered_pages = covered_pages + to_num(covered);
        if (k.invalidate_at_start)
          all = all && implies(pending && !is_op<D>(inv, RangeOp::insert), todo == covered);
        const auto from = s.vma.at(inv.mm, Num(v)), to = s.vma.at(inv.mm, inv.to);
        all = all && implies(mremap && covered, inv.to != Num(v) && same_vma(from, to));
        all = all && implies(mremap && covered && !todo,
                             is<D>(s.pte.at(inv.mm, Num(v)).kind, PteKind::none));
        unfinished = unfinished || todo;
        covers = covers || covered;
      }
      if (k.invalidate_at_start) all = all && implies(pending && covers, unfinished);
      all = all && implies(mremap || restore, covered_pages == Num(1));
      all = all && implies(none, !covers && !pending && inv.mm == Num(0));
      all = all && implies(!fork, inv.child == Num(0)) && implies(!mremap, inv.to == Num(0));
      const auto to = s.pte.at(inv.mm, inv.to);
      all = all && implies(mremap, s.vma.at(inv.mm, inv.to).mapped);
      all = all && implies(mremap && unfinished, is<D>(to.kind, PteKind::none));
      Bool excludes = false;
      for (const auto& f : s.device_fault.slot)
        excludes =
            excludes || (is<D>(f.stage, DeviceFaultStage::excluding) && f.invalidation == Num(i));
      all = all && implies(is_op<D>(inv, RangeOp::exclusive), excludes);
      all = all && implies(!none, s.mm.at(inv.mm).alive && (covers || fork));
      all = all && implies(fork, !s.mm.at(inv.child).alive && inv.child != inv.mm);
      all = all && implies(!wp_copy || !unfinished, inv.new_pfn == Num(0));
      all = all && (inv.old_pfn != Num(0) || !restore || !unfinished);
      all = all && implies(restore && unfinished,
                           !is_device_private_page<D>(inv.old_pfn) && s.page.at(inv.old_pfn).anon);
      all = all && implies((!wp_copy && !restore) || !unfinished, inv.old_pfn == Num(0));
      all = all && implies(wp_copy && unfinished, copy_is_ready<D>(s, inv));
      // mmap_write_locked() excludes every other holder, but not a fault in a vma it leaves alone.
      for_each<D>(sort::invalidation, [&](unsigned j) {
        const auto other = s.invalidation.at(Num(j));
        const auto there = !is_op<D>(other, RangeOp::none);
        if (i == j) return;
        Bool beside = false;
        if (k.fault_locks_vma) {
          beside = is_op<D>(other, RangeOp::wp_copy) || is_op<D>(other, RangeOp::restore);
          for (unsigned v = 0; v < D::scope.vpns; ++v)
            beside = beside && implies(other.covers.at(Num(v)), changes_beside<D>(inv, Num(v)));
        }
        all = all && implies(writer && there, other.mm != inv.mm || beside);
        all = all && implies(fork && there, other.mm != inv.child);
        all = all && implies(fork && is_op<D>(other, RangeOp::fork), other.child != inv.child);
        all = all && implies(!none && there && inv.new_pfn != Num(0),
                             other.new_pfn != inv.new_pfn && other.old_pfn != inv.new_pfn);
      });
      for (const auto& m : s.migration.slot)
        all = all && implies(!is<D>(m.stage, MigrationStage::idle) && !m.by_pfn && writer,
                             m.mm != inv.mm && implies(fork, m.mm != inv.child));
      for (const auto& f : s.cpu_fault.slot)
        all = all && implies(!is<D>(f.stage, CpuFaultStage::idle) && writer,
                             f.mm != inv.mm && implies(fork, f.mm != inv.child));
    });
    for_each<D>(sort::mm, [&](unsigned m) {
      for (unsigned v = 0; v < D::scope.vpns; ++v) {
        Bool child = false;
        for (const auto& inv : s.invalidation.slot)
          child = child || (is_op<D>(inv, RangeOp::fork) && inv.child == Num(m));
        all = all && implies(s.vma.at(Num(m), Num(v)).mapped, s.mm.at(Num(m)).alive || child);
      }
    });
    return all;
  }
};

}  // namespace hmm
