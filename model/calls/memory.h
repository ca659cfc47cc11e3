#pragma once
#include <algorithm>
#include <optional>

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

// 6.12 include/linux/mm.h vma_start_write() of what `change` will touch of the areas, one vma
// after the other: it waits for who has a vma's lock to read, and nobody gets that from then on,
// until the mmap lock goes.
template <class D, class Change>
void vma_start_write(Caller<D>& c, unsigned mm, unsigned first, unsigned last,
                     const Change& change) {
  if (c.turns == nullptr) return;
  const auto touched = c.areas.touched_by(mm, first, last, change);
  for (unsigned v = 0; v < D::scope.vpns; ++v) {
    if (!touched[v]) continue;
    typename Areas<D>::Pages vma{};
    for (const unsigned end = c.areas.last_of(mm, v); v < end; ++v) vma[v] = true;
    vma[v] = true;
    c.areas.write_lock(mm, vma);
    while (c.areas.is_read_locked(mm, vma) && !c.is_stuck())
      if (!c.wait()) c.get_stuck("vma_start_write", Verdict::mmap_lock_wait);
  }
}
template <class D>
void vma_start_write(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  vma_start_write(c, mm, first, last, [](Areas<D>&) {});
}

namespace detail {

// 6.12 mm/vma.c vms_complete_munmap_vmas().
template <class D>
void unmap(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  using Num = typename D::Num;
  bool any = false;
  for_each_vma(c, mm, first, last, [&](unsigned from, unsigned to) {
    any = true;
    c.must(Munmap<D>{.slot = c.slot(), .mm = Num(mm), .first = Num(from), .last = Num(to)});
    c.change_range("zap_pte_range",
                   [&](Num v) { c.must(ZapPteRange<D>{.slot = c.slot(), .vpn = v}); });
  });
  if (any && c.driver != nullptr) c.driver->unmapped_up_to(c.profile, mm, last);
  c.areas.unmap(mm, first, last);
}

}  // namespace detail

// munmap(2): holes are nothing to it. It gives the vmas' locks back before it unmaps what they
// were, with its mmap lock downgraded.
template <class D>
CallResult munmap(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  const typename Caller<D>::MmapWriteLock writes(c, mm);
  vma_start_write(c, mm, first, last);
  c.areas.write_unlock(mm);
  detail::unmap(c, mm, first, last);
  return Outcome::ok;
}

// A vma that became one with its neighbours has the VM_SOFTDIRTY of the page `from` throughout.
template <class D>
void spread_soft_dirty(Caller<D>& c, unsigned mm, unsigned from) {
  using Num = typename D::Num;
  const unsigned first = c.areas.first_of(mm, from), last = c.areas.last_of(mm, from);
  const auto merge = [&](unsigned into, unsigned v) {
    if (c.vma(mm, v).soft_dirty != c.vma(mm, into).soft_dirty)
      c.must(VmaMerge<D>{.mm = Num(mm), .from = Num(into), .to = Num(v)});
  };
  if (!c.profile.merge_drops_soft_dirty)
    for (unsigned v = first; v <= last; ++v) merge(v, from);
  for (unsigned v = first; v <= last; ++v) merge(from, v);
}

// mmap(2) with MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED: what is there is unmapped first.
template <class D>
CallResult mmap_anon(Caller<D>& c, unsigned mm, unsigned first, unsigned last, bool read,
                     bool write) {
  using Num = typename D::Num;
  const typename Caller<D>::MmapWriteLock writes(c, mm);
  vma_start_write(c, mm, first, last);
  detail::unmap(c, mm, first, last);
  vma_start_write(c, mm, first, last,
                  [&](Areas<D>& areas) { areas.map(mm, first, last, read, write, 0); });
  for (unsigned v = first; v <= last; ++v)
    c.must(MmapRegion<D>{.mm = Num(mm), .vpn = Num(v), .read = read, .write = write});
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
  const typename Caller<D>::MmapWriteLock writes(c, mm);
  vma_start_write(c, mm, first, last);
  detail::unmap(c, mm, first, last);
  unsigned file = 0;
  for (bool used = true; used && file < D::scope.files; file += used ? 1 : 0) {
    used = false;
    for (const auto& vma : c.state.vma.slot) used = used || vma.file == Num(file + 1);
  }
  vma_start_write(c, mm, first, last,
                  [&](Areas<D>& areas) { areas.map(mm, first, last, read, write, file + 1); });
  c.must(ShmemZeroSetup<D>{.file = Num(file),
                           .mm = Num(mm),
                           .first = Num(first),
                           .last = Num(last),
                           .read = read,
                           .write = write});
  c.areas.map(mm, first, last, read, write, file + 1);
  return Outcome::ok;
}

// What mprotect(2) is asked for.
struct Protection {
  unsigned mm = 0, first = 0, last = 0;
  bool read = false, write = false;
};

namespace detail {

// mm/mprotect.c mprotect_fixup() of one vma up to change_protection(). False if the vma has these
// rights already.
template <class D>
bool begin_protection(Caller<D>& c, const Protection& p) {
  using Num = typename D::Num;
  const auto vma = c.vma(p.mm, p.first);
  if (vma.read == p.read && vma.write == p.write) return false;
  const auto protect = [&](Areas<D>& areas) {
    areas.protect(p.mm, p.first, p.last, p.read, p.write);
  };
  vma_start_write(c, p.mm, p.first, p.last, protect);
  c.must(MprotectFixup<D>{.slot = c.slot(),
                          .mm = Num(p.mm),
                          .first = Num(p.first),
                          .last = Num(p.last),
                          .read = p.read,
                          .write = p.write});
  return true;
}
// change_protection(), and what follows it: a locked vma that became writable is populated.
template <class D>
void change_protection(Caller<D>& c, const Protection& p) {
  using Num = typename D::Num;
  c.inside("change_protection", [&] {
    c.change_range("change_pte_range",
                   [&](Num page) { c.must(ChangePteRange<D>{.slot = c.slot(), .vpn = page}); });
  });
  c.areas.protect(p.mm, p.first, p.last, p.read, p.write);
  spread_soft_dirty(c, p.mm, p.first);
  if (c.areas.is_locked(p.mm, p.first) && !c.is_shared_mapping(p.mm, p.first) && p.write)
    populate(c, p.mm, p.first, p.last);
}

}  // namespace detail

// mprotect(2), mm/mprotect.c do_mprotect_pkey(), of one vma after the other: a hole ends it, after
// what precedes the hole has changed; a vma that has these rights already is left alone.
template <class D>
CallResult mprotect(Caller<D>& c, const Protection& p) {
  const typename Caller<D>::MmapWriteLock writes(c, p.mm);
  for (Protection part = p; part.first <= p.last && !c.is_stuck(); part.first = part.last + 1) {
    if (!c.vma(p.mm, part.first).mapped) return Outcome::enomem;
    part.last = std::min(p.last, c.areas.last_of(p.mm, part.first));
    if (detail::begin_protection(c, part)) detail::change_protection(c, part);
  }
  return Outcome::ok;
}

namespace detail {

// mm/memory.c lock_vma_under_rcu(): whether who tries has the lock of a vma. One that is being
// changed, split or merged is another's.
template <class D>
bool locks_vma(const Caller<D>& c, unsigned mm, unsigned vpn) {
  using Num = typename D::Num;
  return c.profile.fault_locks_vma && c.vma(mm, vpn).mapped && !c.areas.is_write_locked(mm, vpn) &&
         !fault_waits<D>(c.profile, c.state, Num(mm), Num(vpn));
}

// The lock of a vma to read, until it goes out of scope.
template <class D>
class VmaReadLock {
 public:
  VmaReadLock(Caller<D>& c, unsigned mm, unsigned vpn) : c_(c), mm_(mm), vpn_(vpn) {
    c_.areas.read_lock(mm_, vpn_);
  }
  VmaReadLock(const VmaReadLock&) = delete;
  VmaReadLock& operator=(const VmaReadLock&) = delete;
  ~VmaReadLock() { c_.areas.read_unlock(mm_, vpn_); }

 private:
  Caller<D>& c_;
  unsigned mm_, vpn_;
};

// What MADV_DONTNEED of first .. last has while it is under way: 7.3 mm/madvise.c
// try_vma_read_lock(), is_vma_lock_sufficient(); else the mmap lock.
template <class D>
class MadviseLock {
 public:
  MadviseLock(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
    if (c.profile.madvise_locks_vma && locks_vma(c, mm, first) &&
        last <= c.areas.last_of(mm, first))
      vma_.emplace(c, mm, first);
    else
      mmap_.emplace(c, mm);
  }

 private:
  std::optional<VmaReadLock<D>> vma_;
  std::optional<typename Caller<D>::MmapReadLock> mmap_;
};

}  // namespace detail

// madvise(MADV_DONTNEED), mm/madvise.c madvise_walk_vmas(): holes are passed over, and told of at
// the end; a locked vma ends it (madvise_dontneed_free_valid_vma()).
template <class D>
CallResult madvise_dontneed(Caller<D>& c, unsigned mm, unsigned first, unsigned last) {
  using Num = typename D::Num;
  const detail::MadviseLock<D> lock(c, mm, first, last);
  bool locked = false;
  const bool whole = for_each_vma(c, mm, first, last, [&](unsigned from, unsigned to) {
    locked = locked || c.areas.is_locked(mm, from);
    if (locked) return;
    c.must(
        MadviseDontneed<D>{.slot = c.slot(), .mm = Num(mm), .first = Num(from), .last = Num(to)});
    c.change_range("zap_pte_range",
                   [&](Num v) { c.must(ZapPteRange<D>{.slot = c.slot(), .vpn = v}); });
  });
  if (locked) return Outcome::einval;
  return whole ? Outcome::ok : Outcome::enomem;
}

// mm/mlock.c apply_vma_lock_flags(): a hole ends it, after what precedes the hole has changed.
template <class D>
bool apply_vma_lock_flags(Caller<D>& c, unsigned mm, unsigned first, unsigned last, bool lock) {
  const typename Caller<D>::MmapWriteLock writes(c, mm);
  for (unsigned v = first; v <= last;) {
    if (!c.vma(mm, v).mapped) return false;
    const unsigned end = std::min(last, c.areas.last_of(mm, v));
    if (c.areas.is_locked(mm, v) != lock) {
      vma_start_write(c, mm, v, end, [&](Areas<D>& areas) { areas.lock(mm, v, end, lock); });
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
  if (c.profile.mremap_checks_overlap_first && from == to) return Outcome::einval;
  const typename Caller<D>::MmapWriteLock writes(c, mm);
  if (!c.vma(mm, from).mapped) return Outcome::efault;
  if (from == to) return Outcome::einval;
  vma_start_write(c, mm, to, to);
  detail::unmap(c, mm, to, to);
  vma_start_write(c, mm, from, from);
  vma_start_write(c, mm, to, to, [&](Areas<D>& areas) { areas.move(mm, from, to); });
  c.must(MoveVma<D>{.slot = c.slot(), .mm = Num(mm), .from = Num(from), .to = Num(to)});
  c.inside("move_page_tables", [&] {
    c.change_range("move_ptes", [&](Num v) { c.must(MovePtes<D>{.slot = c.slot(), .vpn = v}); });
  });
  const auto merged = c.areas.move(mm, from, to);
  const unsigned with = merged == Areas<D>::Merged::into_previous ? to - 1 : to + 1;
  if (merged != Areas<D>::Merged::no && with != from) spread_soft_dirty(c, mm, with);
  return Outcome::ok;
}

// "4" written to /proc/self/clear_refs.
template <class D>
CallResult clear_soft_dirty(Caller<D>& c, unsigned mm) {
  using Num = typename D::Num;
  const typename Caller<D>::MmapWriteLock writes(c, mm);
  for (unsigned v = 0; v < D::scope.vpns; ++v) {
    // 6.12 mm/pagewalk.c process_vma_walk_lock() comes to these after the devices were told.
    if (c.areas.is_read_locked(mm, v) && !c.vma(mm, v).soft_dirty)
      return unknown_call("clear_refs waits for a vma with its range open");
    if (c.vma(mm, v).mapped) vma_start_write(c, mm, v, v);
  }
  c.must(ClearRefsWrite<D>{.slot = c.slot(), .mm = Num(mm)});
  c.change_range("clear_refs_pte_range",
                 [&](Num v) { c.must(ClearRefsPteRange<D>{.slot = c.slot(), .vpn = v}); });
  return Outcome::ok;
}

namespace detail {

// What it cannot do with that alone: mm/memory.c do_swap_page() of a device private entry, and
// __vmf_anon_prepare().
template <class D>
bool needs_mmap_lock(const Caller<D>& c, unsigned mm, unsigned vpn, bool write) {
  if (c.has_pte(mm, vpn, PteKind::device_private)) return true;
  return write && !c.is_shared_mapping(mm, vpn) && !c.areas.has_anon_vma(mm, vpn);
}

// The CPU tries, and faults until it may: arch/x86/mm/fault.c do_user_addr_fault(), access_error(),
// do_sigbus().
template <class D, class Access>
Outcome access(Caller<D>& c, unsigned mm, unsigned vpn, bool write, const Access& step) {
  const auto is_forbidden = [&] {
    const auto vma = c.vma(mm, vpn);
    return !vma.mapped || !(write ? vma.write : vma.read);
  };
  for (Tries<D> tries(c); tries.again();) {
    if (takes_effect(c.run(step))) return Outcome::ok;
    const bool has_vma = locks_vma(c, mm, vpn);
    if (has_vma && is_forbidden()) return Outcome::sigsegv;
    std::optional<typename Caller<D>::MmapReadLock> lock;
    if (!has_vma || needs_mmap_lock(c, mm, vpn, write)) lock.emplace(c, mm);
    if (is_forbidden()) return Outcome::sigsegv;
    std::optional<VmaReadLock<D>> vma_lock;
    if (!lock) vma_lock.emplace(c, mm, vpn);
    if (handle_mm_fault(c, mm, vpn, write) == Outcome::sigbus) return Outcome::sigbus;
  }
  c.get_stuck(Access::name, Verdict::needs_fault);
  return Outcome::ok;
}

}  // namespace detail

template <class D>
CallResult load(Caller<D>& c, unsigned mm, unsigned vpn) {
  using Num = typename D::Num;
  const Outcome end = detail::access(c, mm, vpn, false, CpuLoad<D>{.mm = Num(mm), .vpn = Num(vpn)});
  if (end != Outcome::ok) return end;
  return loaded(c.state.page.at(c.pte(mm, vpn).pfn).contents.v);
}

template <class D>
CallResult store(Caller<D>& c, unsigned mm, unsigned vpn, unsigned value) {
  using Num = typename D::Num;
  if (value >= D::scope.tokens) return unknown_call("store of a value beyond the scope");
  return detail::access(c, mm, vpn, true,
                        CpuStore<D>{.mm = Num(mm), .vpn = Num(vpn), .value = Num(value)});
}

}  // namespace hmm
