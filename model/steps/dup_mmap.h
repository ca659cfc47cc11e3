#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// fork() copies the vmas and opens the parent's range: MMU_NOTIFY_PROTECTION_PAGE, with the mmap
// locks of both held for writing to the end. The ptes follow one by one; then the child is alive.
// Shared mappings are left out: a fault fills them again (vma_needs_copy()).
//
// Kernel: kernel/fork.c dup_mmap(), mm/memory.c copy_page_range().
template <class D>
struct DupMmap {
  using Num = typename D::Num;
  static constexpr const char* name = "dup_mmap";
  static constexpr std::array verdicts{Verdict::ok, Verdict::slot_busy, Verdict::not_alive,
                                       Verdict::mmap_lock_wait, Verdict::in_flight};

  Num slot{};
  Num mm{};
  Num child{};

  static constexpr Gate gate{&Scope::mms, 1};
  static constexpr auto fields() {
    return Fields{field("slot", &DupMmap::slot, sort::invalidation),
                  field("mm", &DupMmap::mm, sort::mm), field("child", &DupMmap::child, sort::mm)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    // Its structure is not there anew while a notifier has the one before, mmgrab().
    typename D::Bool grabbed = false;
    for_each<D, sort::closing_device>([&](unsigned d) {
      grabbed = grabbed || !is<D>(s.subscription.at(Num(d), child).stage, NotifierStage::absent);
    });
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_lock", vma_read_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("child_alive", s.mm.at(child).alive, Verdict::in_flight)
        .end_if("child_mmap_lock", mmap_locked<D>(k, s, child), Verdict::in_flight)
        .end_if("child_grabbed", grabbed, Verdict::in_flight)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Filters<D> checks(k, name);
    open_range<D>(does, s, slot, RangeOp::fork, mm, Num(0), Num(D::scope.vpns - 1));
    if (does("copy_vma"))
      for (unsigned v = 0; v < D::scope.vpns; ++v) s.vma.set(s.vma.at(mm, Num(v)), child, Num(v));
    s.invalidation.update(
        [&](Invalidation<D>& inv) {
          if (does("child")) inv.child = child;
          if (D::scope.files == 0 || !checks("vma_shared")) return;
          for (unsigned v = 0; v < D::scope.vpns; ++v) {
            const auto shared = is_shared<D>(s.vma.at(mm, Num(v)));
            inv.covers.slot[v] = inv.covers.slot[v] && !shared;
            inv.todo.slot[v] = inv.todo.slot[v] && !shared;
          }
        },
        slot);
  }
};

}  // namespace hmm
