#pragma once
#include "model/calls/memory.h"

// Processes, and the page references they hold by their pipes.
namespace hmm {

// fork(2), kernel/fork.c dup_mmap().
template <class D>
CallResult fork(Caller<D>& c, unsigned mm, unsigned child) {
  using Num = typename D::Num;
  // mm/memory.c vma_needs_copy(): ptes of a vma without anon_vma, which can only be the zero
  // page's, are not copied, and the parent's range is not invalidated. The model's DupMmap copies
  // them.
  for (unsigned v = 0; v < D::scope.vpns; ++v)
    if (!c.areas.has_anon_vma(mm, v) && !c.has_pte(mm, v, PteKind::none))
      return unknown_call("fork of the zero page in a vma without anon_vma");
  c.must(DupMmap<D>{Num(0), Num(mm), Num(child)});
  c.change_range(0, [&](Num v) {
    if (takes_effect(c.run(CopyPteRange<D>{Num(0), v}))) return;
    c.must(CopyPresentPage<D>{Num(0), v, c.free_system_page()});
  });
  c.areas.fork(mm, child);
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
  for (unsigned turn = 0; turn < kMaxFaults && !c.is_stuck(); ++turn) {
    const auto vma = c.vma(mm, vpn);
    if (!vma.mapped || !vma.read) return Outcome::efault;
    const Verdict got = c.has_zero_page(mm, vpn)
                            ? Verdict::ok
                            : c.run(FollowPagePte<D>{Num(mm), Num(vpn), false, false});
    if (got == Verdict::scope_limit) return unknown_call("more pins than the scope has");
    if (got == Verdict::ok) {
      pipes.pfn[mm][vpn] = c.pte(mm, vpn).pfn;
      pipes.full[mm][vpn] = true;
      return Outcome::ok;
    }
    if (handle_mm_fault(c, mm, vpn, false) != Outcome::ok) return Outcome::efault;
  }
  c.get_stuck(FollowPagePte<D>::name, Verdict::needs_fault);
  return Outcome::ok;
}

template <class D>
CallResult unpin(Caller<D>& c, Pipes<D>& pipes, unsigned mm, unsigned vpn) {
  if (!pipes.full[mm][vpn]) return unknown_call("unpin of a page that is not pinned");
  pipes.full[mm][vpn] = false;
  if (!is_zero_pfn<D>(pipes.pfn[mm][vpn])) c.must(UnpinUserPage<D>{pipes.pfn[mm][vpn], false});
  return Outcome::ok;
}

// kernel/exit.c do_exit(): the address space goes before the files do. What closing a device file
// does is the driver's own (dmirror_release).
template <class D>
CallResult exit(Caller<D>& c, Pipes<D>& pipes, unsigned mm) {
  using Num = typename D::Num;
  munmap(c, mm, 0, D::scope.vpns - 1);
  c.must(ExitMmap<D>{Num(mm)});
  for (unsigned v = 0; v < D::scope.vpns; ++v)
    if (pipes.full[mm][v]) unpin(c, pipes, mm, v);
  return Outcome::ok;
}

}  // namespace hmm
