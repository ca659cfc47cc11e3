#pragma once
#include "model/swap.h"

// mm/mmu_notifier.c, and the locks under which the address space changes.
namespace hmm {

template <class D>
typename D::Bool is_op(const Invalidation<D>& inv, RangeOp op) {
  return is<D>(inv.op, op);
}

// mm_struct->notifier_subscriptions->active_invalidate_ranges is not 0. Every subscription covers
// the whole address space, so the sequence number is odd exactly then.
template <class D>
typename D::Bool is_invalidating(const State<D>& s, const typename D::Num& mm) {
  typename D::Bool any = false;
  for (const auto& inv : s.invalidation.slot)
    any = any || (!is_op<D>(inv, RangeOp::none) && inv.mm == mm);
  return any;
}

// The notifier is in the tree: whoever opens a range calls it.
template <class D>
typename D::Bool is_in_itree(const Subscription<D>& sub) {
  if (D::scope.closings == 0) return typename D::Bool(true);
  return is<D>(sub.stage, NotifierStage::inserted) || is<D>(sub.stage, NotifierStage::removing);
}
// The driver has inserted it and not begun to remove it.
template <class D>
typename D::Bool is_subscribed(const Subscription<D>& sub) {
  if (D::scope.closings == 0) return typename D::Bool(true);
  return is<D>(sub.stage, NotifierStage::inserted) || is<D>(sub.stage, NotifierStage::deferred);
}

// The page is one of first .. last.
template <class D>
typename D::Bool is_in_range(const typename D::Num& vpn, const typename D::Num& first,
                             const typename D::Num& last) {
  return !(vpn < first) && !(last < vpn);
}

// mn_itree_inv_start_range() for the pages first .. last, before any callback ran. What of it does
// not happen is named after the caller, whose effects these are.
template <class D>
void open_range(const Effects<D>& does, State<D>& s, const typename D::Num& slot, RangeOp op,
                const typename D::Num& mm, const typename D::Num& first,
                const typename D::Num& last) {
  Invalidation<D> inv{};
  inv.op = num<D>(op);
  inv.mm = mm;
  if (does("notify"))
    for_each<D, sort::device>([&](unsigned d) {
      inv.pending.slot[d] = is_in_itree<D>(s.subscription.at(typename D::Num(d), mm));
    });
  for (unsigned v = 0; v < D::scope.vpns; ++v) {
    const typename D::Num vpn(v);
    const auto covered = is_in_range<D>(vpn, first, last);
    if (does("covers")) inv.covers.slot[v] = covered;
    if (does("todo")) inv.todo.slot[v] = covered;
  }
  if (does("open_range")) s.invalidation.set(inv, slot);
}

// The driver's mmu_interval_notifier_ops.invalidate for the covered pages, under its own lock. It
// does not let its own MMU_NOTIFY_EXCLUSIVE overtake the fault that caused it, and keeps what it
// has exclusively through its own MMU_NOTIFY_MIGRATE, which passes such pages over.
template <class D, class Covers>
void invalidate(const Profile& k, State<D>& s, const typename D::Num& device,
                const typename D::Num& mm, const typename D::Bool& own_migrate,
                const typename D::Bool& own_event, Covers covers) {
  using Bool = typename D::Bool;
  using Num = typename D::Num;
  const Effects<D> does(k, "dmirror_interval_invalidate");
  const Filters<D> checks(k, "dmirror_interval_invalidate");
  const Bool own_exclusive = Bool(checks("own_exclusive")) && own_event;
  Bool sets_seq = Bool(k.invalidate_sets_seq && does("set_seq")) && !own_exclusive;
  if (!k.own_migrate_event_sets_seq) sets_seq = sets_seq && !own_migrate;
  // mmu_interval_set_seq() changes the number only at the first callback of an odd period.
  const Bool changes = sets_seq && !s.subscription.at(device, mm).current;
  if (k.mmu_interval_notifier)
    s.subscription.update([&](Subscription<D>& sub) { sub.current = sub.current || sets_seq; },
                          device, mm);
  for (auto& fault : s.device_fault.slot) {
    const Bool here =
        fault.device == device && fault.mm == mm && !is<D>(fault.stage, DeviceFaultStage::idle);
    Bool covered = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      covered = covered || (fault.vpn == Num(v) && covers(v));
    // Other faults of the page are kept away by a lock of the driver's own.
    const Bool overtakes =
        here && covered && !(own_exclusive && is<D>(fault.stage, DeviceFaultStage::excluding));
    fault.fresh = fault.fresh &&
                  !(here && (k.mmu_interval_notifier ? changes : sets_seq && covered)) &&
                  !(own_exclusive && overtakes);
    if (does("overtaken")) fault.overtaken = fault.overtaken || overtakes;
  }
  if (!k.invalidate_clears_mirror || !does("clear_mirror")) return;
  const Bool keeps_exclusive = Bool(checks("own_migrate")) && own_migrate;
  for (unsigned v = 0; v < D::scope.vpns; ++v)
    s.mirror.update(
        [&](Mirror<D>& m) {
          when(covers(v) && !(keeps_exclusive && m.exclusive), m,
               [](Mirror<D>& x) { x = Mirror<D>{}; });
        },
        device, mm, Num(v));
}

// A driver's page table gets what a walk returned. What the device may write is marked dirty, since
// no pte will be. The effects are the caller's.
template <class D>
void install_walk(const Effects<D>& does, const Profile& k, State<D>& s, const DeviceFault<D>& f) {
  if (k.driver_marks_dirty && does("mark_dirty")) mark_dirty<D>(s, f.pfn, f.write);
  s.oops.stale_install = s.oops.stale_install || f.overtaken;
  s.mirror.update(
      [&](Mirror<D>& m) {
        if (does("valid")) m.valid = true;
        if (does("write")) m.write = f.write;
        if (does("exclusive")) m.exclusive = is<D>(f.stage, DeviceFaultStage::excluded);
        if (does("pfn")) m.pfn = f.pfn;
      },
      f.device, f.mm, f.vpn);
}

// mn_itree_inv_end(): a notifier whose removal was put off leaves the tree.
template <class D>
void drain_removed(Subscription<D>& sub, const typename D::Bool& idle) {
  const auto removes = idle && is<D>(sub.stage, NotifierStage::removing);
  sub.stage = ite(removes, num<D>(NotifierStage::removed), sub.stage);
}

// mn_itree_inv_end(): when the last range of the mm closes its number becomes even, which no
// subscription's is, and under the same lock what was put off is done.
template <class D>
void settle_seq(const Profile& k, State<D>& s, const typename D::Num& mm) {
  const auto idle = !is_invalidating<D>(s, mm);
  for_each<D, sort::device>([&](unsigned d) {
    s.subscription.update(
        [&](Subscription<D>& sub) {
          sub.current = sub.current && !idle;
          if (D::scope.closings == 0) return;
          const auto adds = idle && is<D>(sub.stage, NotifierStage::deferred);
          sub.stage = ite(adds, num<D>(NotifierStage::inserted), sub.stage);
          if (k.removal_waits_for_drain) drain_removed<D>(sub, idle);
        },
        typename D::Num(d), mm);
  });
}

// A range of one page that opens and closes within a step. `own_exclusive`: whose
// MMU_NOTIFY_EXCLUSIVE it is. The effects are the caller's.
template <class D>
void tell(const Effects<D>& does, const Profile& k, State<D>& s, const typename D::Num& mm,
          const typename D::Num& vpn,
          const std::array<typename D::Bool, D::scope.devices>& own_exclusive = {}) {
  using Num = typename D::Num;
  if (does("notify"))
    for_each<D, sort::device>([&](unsigned d) {
      const auto call = [&](State<D>& t) {
        invalidate<D>(k, t, Num(d), mm, typename D::Bool(false), own_exclusive[d],
                      [&](unsigned v) { return vpn == Num(v); });
      };
      if constexpr (D::scope.closings == 0)
        call(s);
      else
        when(is_in_itree<D>(s.subscription.at(Num(d), mm)), s, call);
    });
  if (does("settle_seq")) settle_seq<D>(k, s, mm);
}

// The fault has locked its page to exclude others from it.
template <class D>
typename D::Bool is_excluding(const DeviceFault<D>& f) {
  return is<D>(f.stage, DeviceFaultStage::excluding) || is<D>(f.stage, DeviceFaultStage::excluded);
}

// The device fault asks for exclusive access and has this notifier range open.
template <class D>
typename D::Bool excludes_by(const DeviceFault<D>& f, const typename D::Num& invalidation) {
  return is<D>(f.stage, DeviceFaultStage::excluding) && f.invalidation == invalidation;
}

// The operation holds the mmap lock for writing; fork that of the child as well.
template <class D>
typename D::Bool is_writer(const Invalidation<D>& inv) {
  typename D::Bool any = false;
#pragma GCC unroll 16
  for (unsigned op = 0; op < kEnumerators<RangeOp>; ++op)
    if (write_locks(static_cast<RangeOp>(op))) any = any || is_op<D>(inv, static_cast<RangeOp>(op));
  return any;
}
template <class D>
typename D::Bool write_locks(const Invalidation<D>& inv, const typename D::Num& mm) {
  return (is_writer<D>(inv) && inv.mm == mm) || (is_op<D>(inv, RangeOp::fork) && inv.child == mm);
}
template <class D>
typename D::Bool mmap_write_locked(const State<D>& s, const typename D::Num& mm) {
  typename D::Bool any = false;
  for (const auto& inv : s.invalidation.slot) any = any || write_locks<D>(inv, mm);
  return any;
}

// Of those who hold the mmap lock for writing, munmap, mprotect and mremap have the locks of the
// vmas they change only (vma_start_write()). Simplified: fork and clear_refs have all at once; a
// vma that was split or merged may be taken for one that nobody changes.
template <class D>
typename D::Bool changes_beside(const Invalidation<D>& inv, const typename D::Num& vpn) {
  const auto mremap = is_op<D>(inv, RangeOp::mremap);
  return (is_op<D>(inv, RangeOp::munmap) || is_op<D>(inv, RangeOp::mprotect) || mremap) &&
         !inv.covers.at(vpn) && !(mremap && inv.to == vpn);
}

// A CPU fault at the page has to wait. Simplified: a fault that finds no anon_vma, and so needs the
// mmap lock, is taken for one that does (mm/memory.c __vmf_anon_prepare()).
template <class D>
typename D::Bool fault_waits(const Profile& k, const State<D>& s, const typename D::Num& mm,
                             const typename D::Num& vpn) {
  typename D::Bool any = false;
  for (const auto& inv : s.invalidation.slot) {
    auto waits = write_locks<D>(inv, mm);
    if (k.fault_locks_vma) waits = waits && !changes_beside<D>(inv, vpn);
    any = any || waits;
  }
  return any;
}

// The operation has the locks of the vmas that it covers to read, and not the mmap lock.
template <class D>
typename D::Bool has_vma_lock_only(const Profile& k, const Invalidation<D>& inv) {
  if (!k.madvise_locks_vma) return typename D::Bool(false);
  return is_op<D>(inv, RangeOp::dontneed) || is_op<D>(inv, RangeOp::free);
}

// madvise() that takes no page table away has to wait for who changes the vmas that it is about.
template <class D>
typename D::Bool madvise_waits(const Profile& k, const State<D>& s, const typename D::Num& mm,
                               const typename D::Num& first, const typename D::Num& last) {
  if (!k.madvise_locks_vma) return mmap_write_locked<D>(s, mm);
  typename D::Bool waits = false;
  for (unsigned v = 0; v < D::scope.vpns; ++v) {
    const typename D::Num vpn(v);
    waits = waits || (is_in_range<D>(vpn, first, last) && fault_waits<D>(k, s, mm, vpn));
  }
  return waits;
}
// vma_start_write() of a vma with a page of first .. last would wait: somebody has its lock to
// read. Simplified: a vma that has more pages than were asked for is taken for one of those alone.
template <class D>
typename D::Bool vma_read_locked(const Profile& k, const State<D>& s, const typename D::Num& mm,
                                 const typename D::Num& first, const typename D::Num& last) {
  typename D::Bool any = false;
  if (!k.madvise_locks_vma) return any;
  for (const auto& inv : s.invalidation.slot) {
    typename D::Bool meets = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v) {
      const typename D::Num vpn(v);
      meets = meets || (inv.covers.at(vpn) && is_in_range<D>(vpn, first, last));
    }
    any = any || (has_vma_lock_only<D>(k, inv) && inv.mm == mm && meets);
  }
  return any;
}
// That of any vma.
template <class D>
typename D::Bool vma_read_locked(const Profile& k, const State<D>& s, const typename D::Num& mm) {
  return vma_read_locked<D>(k, s, mm, typename D::Num(0), typename D::Num(D::scope.vpns - 1));
}

// The mmap lock is held at all. Simplified: a fault that has the lock of its vma only, in
// wp_page_copy() or remove_device_exclusive_entry(), keeps those waiting who change other vmas.
template <class D>
typename D::Bool mmap_locked(const Profile& k, const State<D>& s, const typename D::Num& mm) {
  typename D::Bool any = mmap_write_locked<D>(s, mm);
  for (const auto& inv : s.invalidation.slot)
    any = any || (!is_op<D>(inv, RangeOp::none) && !has_vma_lock_only<D>(k, inv) && inv.mm == mm);
  for (const auto& m : s.migration.slot)
    any = any || (!is<D>(m.stage, MigrationStage::idle) && !m.by_pfn && m.mm == mm);
  for (const auto& f : s.cpu_fault.slot)
    any = any || (!is<D>(f.stage, CpuFaultStage::idle) && f.mm == mm);
  if (!k.mmu_interval_notifier)
    for (const auto& f : s.device_fault.slot)
      any = any || (is<D>(f.stage, DeviceFaultStage::walked) && f.mm == mm);
  return any;
}

// Every page first .. last has a vma.
template <class D>
typename D::Bool range_is_mapped(const State<D>& s, const typename D::Num& mm,
                                 const typename D::Num& first, const typename D::Num& last) {
  typename D::Bool all = true;
  for (unsigned v = 0; v < D::scope.vpns; ++v) {
    const typename D::Num vpn(v);
    all = all && (!is_in_range<D>(vpn, first, last) || s.vma.at(mm, vpn).mapped);
  }
  return all;
}

template <class D>
typename D::Bool slot_is_free(const State<D>& s, const typename D::Num& slot) {
  return is_op<D>(s.invalidation.at(slot), RangeOp::none);
}

// Some device has not been told of the range yet.
template <class D>
typename D::Bool callbacks_pending(const Invalidation<D>& inv) {
  typename D::Bool any = false;
  for (const auto& pending : inv.pending.slot) any = any || pending;
  return any;
}
// Whoever changes a pte under the range waits for its callbacks, unless they run when it ends.
template <class D>
typename D::Bool waits_for_callbacks(const Profile& k, const Invalidation<D>& inv) {
  return typename D::Bool(k.invalidate_at_start) && callbacks_pending<D>(inv);
}
// The pte of `vpn` is no longer to be changed under the range.
template <class D>
void pte_is_changed(State<D>& s, const typename D::Num& slot, const typename D::Num& vpn) {
  s.invalidation.update(
      [&](Invalidation<D>& inv) { inv.todo.update([](typename D::Bool& t) { t = false; }, vpn); },
      slot);
}

}  // namespace hmm
