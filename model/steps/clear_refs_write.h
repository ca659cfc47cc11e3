#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// 4 is written to /proc/PID/clear_refs: every vma is watched for writes from here on, and the range
// of the whole address space opened, MMU_NOTIFY_SOFT_DIRTY, with the mmap lock held for writing.
//
// Kernel: fs/proc/task_mmu.c clear_refs_write(). Simplified: it has the locks of all vmas before
// the range opens, where 6.12 mm/pagewalk.c process_vma_walk_lock() takes that of a vma that is not
// soft-dirty when the walk comes to it.
template <class D>
struct ClearRefsWrite {
  using Num = typename D::Num;
  static constexpr const char* name = "clear_refs_write";
  static constexpr std::array verdicts{Verdict::ok, Verdict::slot_busy, Verdict::not_alive,
                                       Verdict::mmap_lock_wait};

  Num slot{};
  Num mm{};

  static constexpr Gate gate{&Scope::soft_dirty_bits};
  static constexpr auto fields() {
    return Fields{field("slot", &ClearRefsWrite::slot, sort::invalidation),
                  field("mm", &ClearRefsWrite::mm, sort::mm)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_lock", vma_read_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    open_range<D>(does, s, slot, RangeOp::clear_refs, mm, Num(0), Num(D::scope.vpns - 1));
    if (does("clear_vma"))
      for (unsigned v = 0; v < D::scope.vpns; ++v)
        s.vma.update([](Vma<D>& vma) { vma.soft_dirty = false; }, mm, Num(v));
  }
};

}  // namespace hmm
