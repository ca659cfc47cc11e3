#pragma once
#include "model/calls/dmirror_fault.h"

// HMM_DMIRROR_EXCLUSIVE and _CHECK_EXCLUSIVE of lib/test_hmm.c.
namespace hmm {
namespace dmirror {

// mm/rmap.c make_device_exclusive_range() of a page that is in, 7.3 make_device_exclusive(), and
// what a driver that follows the notifier's protocol does around it. False if the page cannot be
// made exclusive.
template <class D>
bool make_exclusive(Caller<D>& c, const DmirrorFile& f, unsigned vpn) {
  using Num = typename D::Num;
  const Num slot(0);
  c.must(begin<D>(f, vpn, true));
  if (c.must(MakeDeviceExclusiveRange<D>{.slot = slot, .invalidation = Num(0)}) != Verdict::ok)
    return false;
  if (!c.profile.exclusive_keeps_rmap) rmap_walk(c, c.pte(f.mm, vpn).pfn);
  c.call_back(0);
  c.must(PageMakeDeviceExclusiveOne<D>{.slot = slot});
  c.must(MmuNotifierInvalidateRangeEnd<D>{.slot = Num(0)});
  return c.must(MmuIntervalReadRetry<D>{.slot = slot}) == Verdict::ok;
}

// Each page is faulted in, made exclusive and mapped before the next is looked at.
template <class D>
Outcome exclude_page_by_page(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                             unsigned last) {
  for (unsigned v = first; v <= last && !c.is_stuck(); ++v) {
    if (!get_user_page(c, f.mm, v, true)) return Outcome::efault;
    if (!make_exclusive(c, f, v)) return Outcome::eopnotsupp;
    t.at(f.device, f.mm, v) = {true, false, true, c.pte(f.mm, v).pfn};
  }
  return Outcome::ok;
}

// All pages are faulted in first. If some could not be, those that could are exclusive and
// nobody's: the driver maps none (dmirror_atomic_map()).
template <class D>
Outcome exclude_all_or_none(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                            unsigned last) {
  unsigned end = first;
  while (end <= last && get_user_page(c, f.mm, end, true)) ++end;
  std::array<bool, D::scope.vpns> made{};
  for (unsigned v = first; v < end && !c.is_stuck(); ++v) made[v] = make_exclusive(c, f, v);
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
  const Outcome got = c.profile.exclusive_goes_page_by_page
                          ? dmirror::exclude_page_by_page(c, t, f, first, last)
                          : dmirror::exclude_all_or_none(c, t, f, first, last);
  if (got != Outcome::ok) return got;
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
