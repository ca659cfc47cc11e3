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

// A vma that became one with its neighbours has the VM_SOFTDIRTY of the page `from` throughout.
template <class D>
void spread_soft_dirty(Caller<D>& c, unsigned mm, unsigned from) {
  using Num = typename D::Num;
  const unsigned first = c.areas.first_of(mm, from), last = c.areas.last_of(mm, from);
  const auto merge = [&](unsigned into, unsigned v) {
    if (c.vma(mm, v).soft_dirty != c.vma(mm, into).soft_dirty)
      c.must(VmaMerge<D>{Num(0), Num(mm), Num(into), Num(v)});
  };
  if (!c.k.merge_drops_soft_dirty)
    for (unsigned v = first; v <= last; ++v) merge(v, from);
  for (unsigned v = first; v <= last; ++v) merge(from, v);
}

// mmap(2) with MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED: what is there is unmapped first.
template <class D>
CallResult mmap_anon(Caller<D>& c, unsigned mm, unsigned first, unsigned last, bool read,
                     bool write) {
  using Num = typename D::Num;
  munmap(c, mm, first, last);
  for (unsigned v = first; v <= last; ++v) c.must(MmapRegion<D>{Num(mm), Num(v), read, write});
  c.areas.map(mm, first, last, read, write, 0);
  spread_soft_dirty(c, mm, first);
  return Outcome::ok;
}

// mm/gup.c populate_vma_page_range(): every page is faulted in, for writing where that is
// allowed and does not only make a shared page dirty.
// False at the first that cannot be.
template <class D>
bool populate(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  for (unsigned v = first; v <= last && !c.is_stuck(); ++v)
    if (!get_user_page(c, mm, v, c.vma(mm, v).write && !c.is_shared_mapping(mm, v))) return false;
  return true;
}

// mmap(2) with MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED.
template <class D>
CallResult mmap_shared(Caller<D>& c, unsigned mm, unsigned first, unsigned last, bool read,
                       bool write) {
  using Num = typename D::Num;
  munmap(c, mm, first, last);
  unsigned file = 0;
  for (bool used = true; used && file < D::scope.files; file += used ? 1 : 0) {
    used = false;
    for (const auto& vma : c.s.vma.slot) used = used || vma.file == Num(file + 1);
  }
  c.must(ShmemZeroSetup<D>{Num(file), Num(mm), Num(first), Num(last), read, write});
  c.areas.map(mm, first, last, read, write, file + 1);
  return Outcome::ok;
}

// mprotect(2), mm/mprotect.c do_mprotect_pkey(): a hole ends it, after what precedes the hole has
// changed; a vma that has these rights already is left alone, and a locked one that becomes
// writable is populated.
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
      c.areas.protect(mm, v, end, read, write, c.k.mprotect_returns_account);
      spread_soft_dirty(c, mm, v);
      if (c.areas.is_locked(mm, v) && !is_shared<D>(vma) && !vma.write && write)
        populate(c, mm, v, end);
    }
    v = end + 1;
  }
  return Outcome::ok;
}

// madvise(MADV_DONTNEED), mm/madvise.c madvise_walk_vmas(): holes are passed over, and told of at
// the end; a locked vma ends it (madvise_dontneed_free_valid_vma()).
template <class D>
CallResult madvise_dontneed(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  using Num = typename D::Num;
  bool locked = false;
  const bool whole = for_each_vma(c, mm, first, last, [&](unsigned from, unsigned to) {
    locked = locked || c.areas.is_locked(mm, from);
    if (locked) return;
    c.must(MadviseDontneed<D>{Num(0), Num(mm), Num(from), Num(to)});
    c.change_range(0, [&](Num v) { c.must(ZapPteRange<D>{Num(0), v}); });
  });
  if (locked) return Outcome::einval;
  return whole ? Outcome::ok : Outcome::enomem;
}

// mm/mlock.c apply_vma_lock_flags(): a hole ends it, after what precedes the hole has changed.
template <class D>
bool apply_vma_lock_flags(Caller<D>& c, unsigned mm, unsigned first, unsigned last, bool lock) {
  for (unsigned v = first; v <= last;) {
    if (!c.vma(mm, v).mapped) return false;
    const unsigned end = std::min(last, c.areas.last_of(mm, v));
    if (c.areas.is_locked(mm, v) != lock) {
      c.areas.lock(mm, v, end, lock);
      spread_soft_dirty(c, mm, v);
    }
    v = end + 1;
  }
  return true;
}

template <class D>
CallResult munlock(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  return apply_vma_lock_flags(c, mm, first, last, false) ? Outcome::ok : Outcome::enomem;
}

// mlock(2), __mlock_posix_error_return().
template <class D>
CallResult mlock(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  const bool whole = apply_vma_lock_flags(c, mm, first, last, true);
  return whole && populate(c, mm, first, last) ? Outcome::ok : Outcome::enomem;
}

// mremap(2) of one page with MREMAP_MAYMOVE | MREMAP_FIXED: what is there is unmapped first.
template <class D>
CallResult mremap(Caller<D>& c, unsigned mm, unsigned from, unsigned to) {
  using Num = typename D::Num;
  if (!c.vma(mm, from).mapped) return Outcome::efault;
  if (from == to) return Outcome::einval;
  munmap(c, mm, to, to);
  c.must(MoveVma<D>{Num(0), Num(mm), Num(from), Num(to)});
  c.change_range(0, [&](Num v) { c.must(MovePtes<D>{Num(0), v}); });
  const auto merged = c.areas.move(mm, from, to);
  const unsigned with = merged == Areas<D>::Merged::into_previous ? to - 1 : to + 1;
  if (merged != Areas<D>::Merged::no && with != from) spread_soft_dirty(c, mm, with);
  return Outcome::ok;
}

// "4" written to /proc/self/clear_refs.
template <class D>
CallResult clear_soft_dirty(Caller<D>& c, unsigned mm) {
  using Num = typename D::Num;
  c.must(ClearRefsWrite<D>{Num(0), Num(mm)});
  c.change_range(0, [&](Num v) { c.must(ClearRefsPteRange<D>{Num(0), v}); });
  return Outcome::ok;
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
