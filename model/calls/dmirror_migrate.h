#pragma once
#include "model/calls/dmirror_fault.h"

// HMM_DMIRROR_MIGRATE_TO_DEV, _MIGRATE_TO_SYS and _RELEASE of lib/test_hmm.c, and closing its
// files.
namespace hmm {

namespace dmirror {

// One migrate_vma for each vma of the range, until a page has none that can be read: EINVAL then,
// with what precedes it migrated.
template <class D>
CallResult migrate_range(Caller<D>& c, const DmirrorFile& f, unsigned first, unsigned last,
                         bool to_device) {
  using Num = typename D::Num;
  CallResult r;
  const typename Caller<D>::MmapReadLock lock(c, f.mm);
  for (unsigned v = first; v <= last && !c.is_stuck();) {
    const auto vma = c.vma(f.mm, v);
    if (!vma.mapped || !vma.read) return Outcome::einval;
    const unsigned end = std::min(last, c.areas.last_of(f.mm, v));
    r.cpages += migrate(c, MigrateVmaSetup<D>{.slot = c.slot(),
                                              .invalidation = c.slot(),
                                              .mm = Num(f.mm),
                                              .device = Num(f.device),
                                              .to_device = to_device,
                                              .first = Num(v),
                                              .last = Num(end)});
    v = end + 1;
  }
  return r;
}

}  // namespace dmirror

// What is in the driver's table afterwards is read back, and ENOENT if that is not all of it.
template <class D>
CallResult dmirror_migrate_to_device(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f,
                                     unsigned first, unsigned last) {
  CallResult r = dmirror::migrate_range(c, f, first, last, true);
  if (!r.is(Outcome::ok)) return r;
  if (c.turns != nullptr && c.turns->others_queue(f.mm))
    return unknown_call("what was migrated is read back while others may change it");
  r.cpages = 0;
  r.has_cpages = true;
  unsigned next = first;
  dmirror::do_read(c, t, f, next, last, r);
  if (r.is(Outcome::enoent)) return Outcome::enoent;
  return r;
}

template <class D>
CallResult dmirror_migrate_to_system(Caller<D>& c, const DmirrorFile& f, unsigned first,
                                     unsigned last) {
  CallResult r = dmirror::migrate_range(c, f, first, last, false);
  r.has_cpages = r.is(Outcome::ok);
  return r;
}

// dmirror_fops_release() of a device's file: dmirror_device_evict_chunk() migrates every page of
// the device, whoever maps it.
template <class D>
void dmirror_close(Caller<D>& c, unsigned device) {
  using Num = typename D::Num;
  for_each<D, sort::device_pfn>([&](unsigned pfn) {
    if (is_memory_of<D>(Num(pfn), Num(device)) && !is_free<D>(c.state, Num(pfn))) evict(c, pfn);
  });
}

// HMM_DMIRROR_RELEASE: dmirror_device_remove_chunks() evicts and then, mm/memremap.c
// memunmap_pages(), waits for every page to be free.
template <class D>
CallResult dmirror_release(Caller<D>& c, unsigned device) {
  dmirror_close(c, device);
  while (c.is_in_use(device))
    if (!c.wait()) return Outcome::hangs;
  return Outcome::ok;
}

}  // namespace hmm
