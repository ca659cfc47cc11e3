#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A notifier range closes; whoever waits in read_begin may go on. munmap's vmas are gone, and a
// forked child is alive.
//
// Kernel: mm/mmu_notifier.c __mmu_notifier_invalidate_range_end(), mn_itree_inv_end().
template <class D>
struct MmuNotifierInvalidateRangeEnd {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mmu_notifier_invalidate_range_end";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::still_pending};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &MmuNotifierInvalidateRangeEnd::slot, sort::invalidation)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    Bool todo = false;
    for (const auto& one : inv.todo.slot) todo = todo || one;
    return Guards<D>(k, name)
        .end_if("not_in_flight", is_op<D>(inv, RangeOp::none), Verdict::not_in_flight)
        .end_if("callbacks", callbacks_pending<D>(inv), Verdict::still_pending)
        .end_if("still_pending", todo, Verdict::still_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto inv = s.invalidation.at(slot);
    if (does("remove_vma"))
      for (unsigned v = 0; v < D::scope.vpns; ++v)
        when(is_op<D>(inv, RangeOp::munmap) && inv.covers.slot[v], s,
             [&](State<D>& t) { t.vma.set(Vma<D>{}, inv.mm, Num(v)); });
    if (does("start_child"))
      when(is_op<D>(inv, RangeOp::fork), s,
           [&](State<D>& t) { t.mm.update([](Mm<D>& m) { m.alive = true; }, inv.child); });
    if (does("remove_moved_vma"))
      when(is_op<D>(inv, RangeOp::mremap), s, [&](State<D>& t) {
        for (unsigned v = 0; v < D::scope.vpns; ++v)
          when(inv.covers.slot[v], t, [&](State<D>& u) { u.vma.set(Vma<D>{}, inv.mm, Num(v)); });
      });
    if (D::scope.exclusives != 0 && does("stage"))
      for (auto& f : s.device_fault.slot)
        when(excludes_by<D>(f, slot), f, [](DeviceFault<D>& x) {
          x.stage = num<D>(DeviceFaultStage::excluded);
          x.invalidation = Num(0);
        });
    if constexpr (D::scope.files != 0) evict_unmapped_files<D>(k, s);
    if (does("close_range")) s.invalidation.set(Invalidation<D>{}, slot);
    if (does("settle_seq")) settle_seq<D>(k, s, inv.mm);
  }
};

}  // namespace hmm
