#pragma once
#include "model/calls/dmirror_fault.h"

// HMM_DMIRROR_EXCLUSIVE and _CHECK_EXCLUSIVE of lib/test_hmm.c.
namespace hmm {
namespace dmirror {

// mm/rmap.c make_device_exclusive_range() of a page that is in, 7.3 make_device_exclusive(), as a
// driver that follows the notifier's protocol calls it. False if the page cannot be made exclusive.
template <class D>
bool make_exclusive(Caller<D>& c, const DmirrorFile& f, unsigned vpn) {
  const typename D::Num slot = c.slot();
  const auto walk = begin<D>(c, f, vpn, true);
  if (c.run(walk) != Verdict::ok) return false;
  if (c.must(MakeDeviceExclusiveRange<D>{.slot = slot, .invalidation = slot}) != Verdict::ok)
    return false;
  if (!c.profile.exclusive_keeps_rmap) rmap_walk(c, c.pte(f.mm, vpn).pfn);
  c.call_back();
  c.must(PageMakeDeviceExclusiveOne<D>{.slot = slot});
  c.must(MmuNotifierInvalidateRangeEnd<D>{.slot = slot});
  return true;
}
// What the driver has the page for, until it unlocks it. False if it came too late.
template <class D>
bool keep_exclusive(Caller<D>& c) {
  return c.must(MmuIntervalReadRetry<D>{.slot = c.slot()}) == Verdict::ok;
}

// Each page is faulted in, made exclusive and mapped before the next is looked at.
template <class D>
Outcome exclude_page_by_page(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                             unsigned last) {
  const typename Caller<D>::MmapReadLock lock(c, f.mm);
  for (unsigned v = first; v <= last && !c.is_stuck(); ++v) {
    Outcome got = Outcome::ok;
    c.inside("make_device_exclusive", [&] {
      if (!get_user_page(c, f.mm, v, true))
        got = Outcome::efault;
      else if (!make_exclusive(c, f, v))
        got = Outcome::eopnotsupp;
    });
    if (got != Outcome::ok) return got;
    keep_exclusive(c);
    t.at(f.device, f.mm, v) = {true, false, true, c.pte(f.mm, v).pfn};
  }
  return Outcome::ok;
}

// All pages are faulted in first. If some could not be, those that could are exclusive and
// nobody's: the driver maps none (dmirror_atomic_map()). The state has one page at a time, so that
// all but the last are kept before the kernel's function returns.
template <class D>
Outcome exclude_all_or_none(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                            unsigned last) {
  const typename Caller<D>::MmapReadLock lock(c, f.mm);
  unsigned end = first;
  std::array<bool, D::scope.vpns> made{};
  c.inside("make_device_exclusive_range", [&] {
    while (end <= last && get_user_page(c, f.mm, end, true)) ++end;
    for (unsigned v = first; v < end && !c.is_stuck(); ++v) {
      made[v] = make_exclusive(c, f, v);
      if (v + 1 < end && made[v]) made[v] = keep_exclusive(c);
    }
  });
  if (end > first && made[end - 1]) made[end - 1] = keep_exclusive(c);
  if (end <= last) return Outcome::ebusy;
  bool all = true;
  for (unsigned v = first; v <= last; ++v) {
    all = all && made[v];
    if (made[v]) t.at(f.device, f.mm, v) = {true, false, true, c.pte(f.mm, v).pfn};
  }
  return all ? Outcome::ok : Outcome::ebusy;
}

}  // namespace dmirror

// dmirror_exclusive(), which reads what it got back.
template <class D>
CallResult dmirror_exclusive(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                             unsigned last) {
  if (is_invalidating<D>(c.state, typename D::Num(f.mm)))
    return unknown_call("exclusive access while a notifier range is open");
  const Outcome got = c.profile.exclusive_goes_page_by_page
                          ? dmirror::exclude_page_by_page(c, t, f, first, last)
                          : dmirror::exclude_all_or_none(c, t, f, first, last);
  if (got == Outcome::ebusy && c.turns != nullptr)
    return unknown_call("the test driver maps what is exclusive, whether or not it still is");
  if (got != Outcome::ok) return got;
  if (c.turns != nullptr && c.turns->others_queue(f.mm))
    return unknown_call("what is exclusive is read back while others may change it");
  CallResult r;
  r.has_cpages = true;
  dmirror::do_read(c, t, f, first, last, r);
  return r;
}

// dmirror_check_atomic().
template <class D>
CallResult dmirror_check_exclusive(DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                                   unsigned last) {
  for (unsigned v = first; v <= last; ++v)
    if (t.at(f.device, f.mm, v).atomic) return Outcome::eperm;
  return Outcome::ok;
}

}  // namespace hmm
