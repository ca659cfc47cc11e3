#pragma once
#include "properties/property.h"

namespace hmm {

// mmap_write_lock() excludes every other holder, but not who has the lock of a vma it leaves alone.
//
// Kernel: include/linux/mmap_lock.h mmap_assert_write_locked(), include/linux/mm.h
// vma_start_write(), mm/memory.c copy_page_range(), mm/mprotect.c mprotect_fixup().
struct MmapLockExcludes {
  static constexpr const char* name = "mmap_lock_excludes";
  static constexpr const char* says =
      "who holds the mmap lock for writing is alone in the address space";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    writer_excludes_other_ranges,
    writer_excludes_migrations,
    writer_excludes_cpu_faults,
    vma_that_moves_stays_as_it_was
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      ranges(k, s, inv, slot, claim);
      faults(s, inv, slot, claim);
      for_each<D, sort::vpn>([&](unsigned v) {
        claim(Claim::vma_that_moves_stays_as_it_was,
              is_op<D>(inv, RangeOp::mremap) && inv.covers.at(v),
              same(s.vma.at(inv.mm, v), s.vma.at(inv.mm, inv.to)), row("invalidation", slot),
              row("vma", inv.mm, v), row("vma", inv.mm, inv.to));
      });
    });
  }

 private:
  // Who has the lock of a vma that the writer leaves alone is not kept waiting.
  template <class D>
  static typename D::Bool is_beside(const Profile& k, const Invalidation<D>& writer,
                                    const Invalidation<D>& other) {
    if (!k.fault_locks_vma) return false;
    auto beside = is_op<D>(other, RangeOp::wp_copy) || is_op<D>(other, RangeOp::restore) ||
                  has_vma_lock_only<D>(k, other);
    for_each<D, sort::vpn>([&](unsigned v) {
      beside = beside && implies(other.covers.at(v), changes_beside<D>(writer, v));
    });
    return beside;
  }

  // A fork locks its child as well, and no other fork may be making that one.
  template <class D, class Visit>
  static void ranges(const Profile& k, const State<D>& s, const Invalidation<D>& inv, unsigned slot,
                     const Visit& claim) {
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
  static void faults(const State<D>& s, const Invalidation<D>& inv, unsigned slot,
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
