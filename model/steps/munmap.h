#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// munmap() opens its range: MMU_NOTIFY_UNMAP, with the mmap lock held for writing to the end.
//
// Kernel: mm/mmap.c do_vmi_align_munmap(), mm/memory.c unmap_vmas().
// Simplified: the whole range must be mapped, and the vmas go at the end (range_end), which nobody
// can see while the lock is held.
template <class D>
struct Munmap {
  using Num = typename D::Num;
  static constexpr const char* name = "munmap";
  static constexpr std::array verdicts{
      Verdict::ok,        Verdict::slot_busy,      Verdict::bad_range,
      Verdict::not_alive, Verdict::mmap_lock_wait, Verdict::no_vma};

  Num slot{};
  Num mm{};
  Num first{};
  Num last{};

  static constexpr auto fields() {
    return Fields{field("slot", &Munmap::slot, sort::invalidation),
                  field("mm", &Munmap::mm, sort::mm), field("first", &Munmap::first, sort::vpn),
                  field("last", &Munmap::last, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("bad_range", last < first, Verdict::bad_range)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_lock", vma_read_locked<D>(k, s, mm, first, last), Verdict::mmap_lock_wait)
        .end_if("no_vma", !range_is_mapped<D>(s, mm, first, last), Verdict::no_vma)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    open_range<D>(does, s, slot, RangeOp::munmap, mm, first, last);
  }
};

}  // namespace hmm
