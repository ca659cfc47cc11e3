#pragma once
#include <optional>

#include "model/calls/memory.h"

// Processes, and the page references they hold by their pipes.
namespace hmm {

// fork(2), kernel/fork.c dup_mmap().
template <class D>
CallResult fork(Caller<D>& c, unsigned mm, unsigned child) {
  using Num = typename D::Num;
  const typename Caller<D>::MmapWriteLock writes(c, mm);
  // The vmas of the program itself come first, those of its pages after.
  c.inside("copy_pte_range", [] {});
  vma_start_write(c, mm, 0, D::scope.vpns - 1);
  c.must(DupMmap<D>{.slot = c.slot(), .mm = Num(mm), .child = Num(child)});
  for (unsigned v = 0; v < D::scope.vpns; ++v)
    if (!c.areas.has_anon_vma(mm, v) && !c.is_shared_mapping(mm, v))
      c.must(VmaNeedsCopy<D>{.slot = c.slot(), .vpn = Num(v)});
  c.areas.fork(mm, child);
  c.change_range("", [&](Num v) {
    if (takes_effect(c.run(CopyPteRange<D>{.slot = c.slot(), .vpn = v}))) return;
    c.must(CopyPresentPage<D>{.slot = c.slot(), .vpn = v, .pfn = c.free_system_page()});
  });
  // arch/x86/mm/fault.c do_user_addr_fault(): the first store to its stack needs the mmap lock.
  if (c.turns != nullptr && !c.profile.fault_locks_vma && c.turns->others_queue(mm))
    return unknown_call(
        "a fork comes back to a stack that is shared, behind who waits for the lock");
  return Outcome::ok;
}

// Frames that a process's pipes hold, one pipe for each page it was filled from. The frame 0 is the
// zero page, of which nobody counts references.
template <class D>
struct Pipes {
  std::array<std::array<typename D::Num, D::scope.vpns>, D::scope.mms> pfn{};
  std::array<std::array<bool, D::scope.vpns>, D::scope.mms> full{};
};

// vmsplice(2) of a few bytes of the page: fs/splice.c vmsplice_to_pipe(), mm/gup.c
// get_user_pages_fast(), FOLL_GET to read.
template <class D>
CallResult pin(Caller<D>& c, Pipes<D>& pipes, unsigned mm, unsigned vpn) {
  using Num = typename D::Num;
  if (pipes.full[mm][vpn]) return unknown_call("a second pin of the same page");
  std::optional<typename Caller<D>::MmapReadLock> lock;
  // gup_fast_pte_range() passes over it.
  if (!c.has_pte(mm, vpn, PteKind::present) || !c.pte(mm, vpn).read || c.has_zero_page(mm, vpn))
    lock.emplace(c, mm);
  // gup_fast_pte_range() needs no lock of the address space; the model's step does.
  if (!lock && c.is_write_locked(mm)) return unknown_call("a pin while its vma may be changing");
  if (!get_user_page(c, mm, vpn, false)) return Outcome::efault;
  if (!c.has_zero_page(mm, vpn))
    c.must(FollowPagePte<D>{.mm = Num(mm), .vpn = Num(vpn), .write = false, .pin = false});
  pipes.pfn[mm][vpn] = c.pte(mm, vpn).pfn;
  pipes.full[mm][vpn] = true;
  return Outcome::ok;
}

template <class D>
CallResult unpin(Caller<D>& c, Pipes<D>& pipes, unsigned mm, unsigned vpn) {
  if (!pipes.full[mm][vpn]) return unknown_call("unpin of a page that is not pinned");
  pipes.full[mm][vpn] = false;
  if (!is_zero_pfn<D>(pipes.pfn[mm][vpn]))
    c.must(UnpinUserPage<D>{.pfn = pipes.pfn[mm][vpn], .pin = false});
  return Outcome::ok;
}

// kernel/exit.c do_exit(): the address space goes before the files do. What closing a device file
// does is the driver's own (dmirror_release).
template <class D>
CallResult exit(Caller<D>& c, unsigned mm) {
  using Num = typename D::Num;
  munmap(c, mm, 0, D::scope.vpns - 1);
  c.must(ExitMmap<D>{.mm = Num(mm)});
  return Outcome::ok;
}

template <class D>
void close_pipes(Caller<D>& c, Pipes<D>& pipes, unsigned mm) {
  for (unsigned v = 0; v < D::scope.vpns; ++v)
    if (pipes.full[mm][v]) unpin(c, pipes, mm, v);
}

}  // namespace hmm
