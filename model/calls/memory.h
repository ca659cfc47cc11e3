#pragma once
#include <algorithm>

#include "model/calls/fault.h"

// The system calls that change an address space, and what the CPU does with one.
namespace hmm {

// Calls visit(first, last) for each part of first .. last that lies in one vma; visit says whether
// to go on. True if there was no hole on the way.
template <class D, class Visit>
bool for_each_vma(Caller<D>& c, unsigned mm, unsigned first, unsigned last, Visit&& visit) {
  bool whole = true;
  for (unsigned v = first; v <= last && !c.is_stuck();) {
    if (!c.vma(mm, v).mapped) {
      whole = false;
      ++v;
      continue;
    }
    const unsigned end = std::min(last, c.areas.last_of(mm, v));
    visit(v, end);
    v = end + 1;
  }
  return whole;
}

// munmap(2): holes are nothing to it.
template <class D>
CallResult munmap(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  using Num = typename D::Num;
  bool any = false;
  for_each_vma(c, mm, first, last, [&](unsigned from, unsigned to) {
    any = true;
    c.must(Munmap<D>{Num(0), Num(mm), Num(from), Num(to)});
    c.change_range(0, [&](Num v) { c.must(ZapPteRange<D>{Num(0), v}); });
  });
  if (any && c.driver != nullptr) c.driver->unmapped_up_to(mm, last);
  c.areas.unmap(mm, first, last);
  return Outcome::ok;
}

// mmap(2) with MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED: what is there is unmapped first.
template <class D>
CallResult mmap_anon(Caller<D>& c, unsigned mm, unsigned first, unsigned last, bool read,
                     bool write) {
  using Num = typename D::Num;
  munmap(c, mm, first, last);
  for (unsigned v = first; v <= last; ++v) c.must(MmapRegion<D>{Num(mm), Num(v), read, write});
  c.areas.map(mm, first, last, read, write);
  return Outcome::ok;
}

// mprotect(2), mm/mprotect.c do_mprotect_pkey(): a hole ends it, after what precedes the hole has
// changed; a vma that has these rights already is left alone.
template <class D>
CallResult mprotect(Caller<D>& c, unsigned mm, unsigned first, unsigned last, bool read,
                    bool write) {
  using Num = typename D::Num;
  for (unsigned v = first; v <= last && !c.is_stuck();) {
    const auto vma = c.vma(mm, v);
    if (!vma.mapped) return Outcome::enomem;
    const unsigned end = std::min(last, c.areas.last_of(mm, v));
    if (vma.read != read || vma.write != write) {
      c.must(MprotectFixup<D>{Num(0), Num(mm), Num(v), Num(end), read, write});
      c.change_range(0, [&](Num page) { c.must(ChangePteRange<D>{Num(0), page}); });
      c.areas.protect(mm, v, end, read, write);
    }
    v = end + 1;
  }
  return Outcome::ok;
}

// madvise(MADV_DONTNEED), mm/madvise.c madvise_walk_vmas(): holes are passed over, and told of at
// the end.
template <class D>
CallResult madvise_dontneed(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  using Num = typename D::Num;
  const bool whole = for_each_vma(c, mm, first, last, [&](unsigned from, unsigned to) {
    c.must(MadviseDontneed<D>{Num(0), Num(mm), Num(from), Num(to)});
    c.change_range(0, [&](Num v) { c.must(ZapPteRange<D>{Num(0), v}); });
  });
  return whole ? Outcome::ok : Outcome::enomem;
}

// munlock(2), mm/mlock.c apply_vma_lock_flags(): with nothing locked it only looks for holes.
template <class D>
CallResult munlock(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  const bool whole = for_each_vma(c, mm, first, last, [](unsigned, unsigned) {});
  return whole ? Outcome::ok : Outcome::enomem;
}

namespace detail {

// The CPU tries, and faults until it may: arch/x86/mm/fault.c access_error(), do_sigbus().
template <class D, class Access>
Outcome access(Caller<D>& c, unsigned mm, unsigned vpn, bool write, const Access& step) {
  for (unsigned turn = 0; turn < kMaxFaults && !c.is_stuck(); ++turn) {
    if (takes_effect(c.run(step))) return Outcome::ok;
    const auto vma = c.vma(mm, vpn);
    if (!vma.mapped || !(write ? vma.write : vma.read)) return Outcome::sigsegv;
    if (handle_mm_fault(c, mm, vpn, write) == Outcome::sigbus) return Outcome::sigbus;
  }
  c.get_stuck(Access::name, Verdict::needs_fault);
  return Outcome::ok;
}

}  // namespace detail

template <class D>
CallResult load(Caller<D>& c, unsigned mm, unsigned vpn) {
  using Num = typename D::Num;
  const Outcome end = detail::access(c, mm, vpn, false, CpuLoad<D>{Num(mm), Num(vpn)});
  if (end != Outcome::ok) return end;
  return loaded(c.s.page.at(c.pte(mm, vpn).pfn).contents.v);
}

template <class D>
CallResult store(Caller<D>& c, unsigned mm, unsigned vpn, unsigned value) {
  using Num = typename D::Num;
  if (value >= D::scope.tokens) return unknown_call("store of a value beyond the scope");
  return detail::access(c, mm, vpn, true, CpuStore<D>{Num(mm), Num(vpn), Num(value)});
}

}  // namespace hmm
