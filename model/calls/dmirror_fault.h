#pragma once
#include <algorithm>
#include <array>

#include "model/calls/dmirror_table.h"
#include "model/calls/fault.h"

// HMM_DMIRROR_READ, _WRITE and _SNAPSHOT of lib/test_hmm.c, and mm/hmm.c hmm_range_fault() for the
// several pages they ask for at once.
namespace hmm {

// A file of /dev/hmm_dmirrorN: a device and the process that opened it.
struct DmirrorFile {
  unsigned device = 0, mm = 0;
};

namespace dmirror {

inline constexpr std::string_view kStale = "device access by a stale driver entry";
// dmirror_interval_invalidate() returns before it sets the sequence number.
inline constexpr std::string_view kUnheard =
    "the test driver is not told of its own migrations, and maps what it walked before one";

template <class D>
MmuIntervalReadBegin<D> begin(const Caller<D>& c, const DmirrorFile& f, unsigned vpn, bool write) {
  using Num = typename D::Num;
  return {
      .slot = c.slot(), .device = Num(f.device), .mm = Num(f.mm), .vpn = Num(vpn), .write = write};
}

// What the walk would say of the page now.
template <class D>
Verdict look(const Caller<D>& c, const DmirrorFile& f, unsigned vpn, bool write) {
  State<D> then = c.state;
  const auto step = begin<D>(c, f, vpn, write);
  const auto v = step.check(c.profile, then);
  if (!takes_effect(static_cast<Verdict>(v.v))) return static_cast<Verdict>(v.v);
  apply_step<D>(c.profile, then, step, v);
  return static_cast<Verdict>(HmmRangeFault<D>{.slot = c.slot()}.check(c.profile, then).v);
}

template <class D>
Verdict walk(Caller<D>& c, const DmirrorFile& f, unsigned vpn, bool write) {
  c.must(begin<D>(c, f, vpn, write));
  return c.must(HmmRangeFault<D>{.slot = c.slot()});
}

// The pages are looked at in order. At the first that needs a fault, mm/hmm.c hmm_vma_fault()
// faults all the rest of its vma, needed or not, which may bring home what the device holds.
template <class D>
Outcome range_fault(Caller<D>& c, const DmirrorFile& f, unsigned first, unsigned last, bool write) {
  unsigned turns = 0;
  for (unsigned v = first; v <= last && !c.is_stuck();) {
    const Verdict verdict = look(c, f, v, write);
    if (verdict == Verdict::ok) {
      ++v;
    } else if (verdict == Verdict::needs_fault && turns++ < kMaxFaults) {
      const unsigned end = std::min(last, c.areas.last_of(f.mm, v));
      for (unsigned a = v; a <= end && !c.is_stuck(); ++a)
        if (handle_mm_fault(c, f.mm, a, write) != Outcome::ok) return Outcome::efault;
    } else if (verdict == Verdict::efault || verdict == Verdict::eperm) {
      walk(c, f, v, write);
      return verdict == Verdict::eperm ? Outcome::eperm : Outcome::efault;
    } else if (!c.wait()) {
      c.get_stuck(HmmRangeFault<D>::name, verdict);
    }
  }
  return Outcome::ok;
}

// The driver's entry of a page is what the model's device has now.
template <class D>
void map(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned vpn) {
  using Num = typename D::Num;
  const auto m = c.state.mirror.at(Num(f.device), Num(f.mm), Num(vpn));
  t.at(f.device, f.mm, vpn) = {true, m.write, false, m.pfn};
}

// mm/hmm.c hmm_range_fault() of one page, of a walk that has begun: it ends with it, or with the
// error that it gives.
template <class D>
Verdict range_fault(Caller<D>& c, const DmirrorFile& f, unsigned vpn, bool write) {
  const HmmRangeFault<D> step{.slot = c.slot()};
  for (Tries<D> tries(c); tries.again();) {
    const Verdict verdict = c.run(step);
    if (takes_effect(verdict)) return verdict;
    if (verdict == Verdict::needs_fault) {
      if (handle_mm_fault(c, f.mm, vpn, write) != Outcome::ok) break;
    } else if (!c.wait()) {
      break;
    }
  }
  c.get_stuck(HmmRangeFault<D>::name, Verdict::needs_fault);
  return Verdict::needs_fault;
}

// dmirror_range_fault() and dmirror_do_fault() of one page: again, as long as what the walk found
// is overtaken.
template <class D>
Outcome fault(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned vpn, bool write) {
  for (unsigned turn = 0; turn < kMaxFaults && !c.is_stuck(); ++turn) {
    c.must(begin<D>(c, f, vpn, write));
    const std::size_t told = t.times_told(f.device, f.mm);
    Verdict walked = Verdict::retry;
    {
      const typename Caller<D>::MmapReadLock lock(c, f.mm);
      c.inside("hmm_range_fault", [&] { walked = range_fault(c, f, vpn, write); });
    }
    if (c.turns != nullptr && c.turns->others_queue(f.mm))
      c.unknown = "what was walked is looked at again while others may change it";
    if (walked == Verdict::retry) continue;
    if (walked != Verdict::ok) return walked == Verdict::eperm ? Outcome::eperm : Outcome::efault;
    const Verdict kept = c.must(MmuIntervalReadRetry<D>{.slot = c.slot()});
    if (kept == Verdict::retry && told == t.times_told(f.device, f.mm)) c.unknown = kUnheard;
    if (kept == Verdict::retry) continue;
    if (kept == Verdict::efault) return Outcome::efault;
    map(c, t, f, vpn);
    return Outcome::ok;
  }
  // HMM_RANGE_DEFAULT_TIMEOUT is over.
  if (c.turns == nullptr) c.get_stuck("dmirror_range_fault", Verdict::invalidating);
  return Outcome::ebusy;
}

// The same of several: the pages are mapped in order, up to one that came without the right asked.
// The walk of each is taken here, just before, as if nothing else ran in between.
template <class D>
Outcome fault(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first, unsigned last,
              bool write) {
  if (first == last) return fault(c, t, f, first, write);
  std::array<typename D::Num, D::scope.vpns> pfns{};
  for (Tries<D> tries(c); tries.again();) {
    const std::size_t told = t.times_told(f.device, f.mm);
    Outcome walked = Outcome::ok;
    {
      const typename Caller<D>::MmapReadLock lock(c, f.mm);
      c.inside("hmm_range_fault", [&] {
        walked = range_fault(c, f, first, last, write);
        for (unsigned v = first; v <= last; ++v) pfns[v] = c.pte(f.mm, v).pfn;
      });
    }
    if (c.turns != nullptr && told != t.times_told(f.device, f.mm)) continue;
    if (walked != Outcome::ok) return walked;
    for (unsigned v = first; v <= last && c.turns != nullptr; ++v)
      if (look(c, f, v, write) != Verdict::ok || c.pte(f.mm, v).pfn != pfns[v])
        c.unknown = kUnheard;
    break;
  }
  for (unsigned v = first; v <= last && !c.is_stuck(); ++v) {
    walk(c, f, v, write);
    if (c.must(MmuIntervalReadRetry<D>{.slot = c.slot()}) == Verdict::efault)
      return Outcome::efault;
    map(c, t, f, v);
  }
  return Outcome::ok;
}

// The driver maps what it migrated without a walk; the model's device gets its entry by one when it
// first looks there. False if the model's device cannot reach the page that the driver's entry is
// of: the driver would touch a page it has no right to any more.
template <class D>
bool reach(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned vpn, bool write) {
  using Num = typename D::Num;
  const auto entry = t.at(f.device, f.mm, vpn);
  const auto mirror = [&] { return c.state.mirror.at(Num(f.device), Num(f.mm), Num(vpn)); };
  const auto pte = c.pte(f.mm, vpn);
  if (pte.pfn != entry.pfn) return false;
  if (!mirror().valid || (write && !mirror().write)) {
    if (look(c, f, vpn, write) != Verdict::ok) return false;
    walk(c, f, vpn, write);
    c.must(MmuIntervalReadRetry<D>{.slot = c.slot()});
  }
  return mirror().valid && mirror().pfn == entry.pfn && (!write || mirror().write);
}

// dmirror_do_read(): the values follow each other in the result. ENOENT at the first page that is
// not mapped; `next` is that page.
template <class D>
void do_read(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned& next, unsigned last,
             CallResult& r) {
  using Num = typename D::Num;
  for (; next <= last && !c.is_stuck(); ++next) {
    r.outcome = Outcome::enoent;
    if (!t.at(f.device, f.mm, next).valid) return;
    if (!reach(c, t, f, next, false)) {
      r.unknown = kStale;
      return;
    }
    c.must(DeviceLoad<D>{.device = Num(f.device), .mm = Num(f.mm), .vpn = Num(next)});
    const Num pfn = c.state.mirror.at(Num(f.device), Num(f.mm), Num(next)).pfn;
    r.add_value(c.state.page.at(pfn).contents.v);
    ++r.cpages;
  }
  r.outcome = Outcome::ok;
}

// dmirror_do_write(): page i of the range gets value + i.
template <class D>
void do_write(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned& next, unsigned last,
              unsigned value, CallResult& r) {
  using Num = typename D::Num;
  for (; next <= last && !c.is_stuck(); ++next) {
    const auto entry = t.at(f.device, f.mm, next);
    r.outcome = Outcome::enoent;
    if (!entry.valid || !entry.write || entry.atomic) return;
    if (!reach(c, t, f, next, true)) {
      r.unknown = kStale;
      return;
    }
    c.must(DeviceStore<D>{.device = Num(f.device),
                          .mm = Num(f.mm),
                          .vpn = Num(next),
                          .value = Num(value + r.cpages)});
    ++r.cpages;
  }
  r.outcome = Outcome::ok;
}

// dmirror_read(), dmirror_write(): what is mapped is used, and the rest faulted, until all is done.
template <class D, class Use>
CallResult access(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                  unsigned last, bool write, Use&& use) {
  CallResult r;
  r.has_cpages = r.has_faults = true;
  unsigned next = first, turns = 0;
  while (!c.is_stuck()) {
    use(next, r);
    if (!r.unknown.empty() || r.outcome != Outcome::enoent) return r;
    if (turns++ > kMaxFaults) c.get_stuck("dmirror_fault", Verdict::no_mirror);
    const Outcome faulted = fault(c, t, f, next, last, write);
    if (faulted != Outcome::ok) return faulted;
    ++r.faults;
  }
  return r;
}

}  // namespace dmirror

template <class D>
CallResult dmirror_read(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                        unsigned last) {
  return dmirror::access(c, t, f, first, last, false, [&](unsigned& next, CallResult& r) {
    dmirror::do_read(c, t, f, next, last, r);
  });
}

template <class D>
CallResult dmirror_write(Caller<D>& c, DmirrorTable<D>& t, const DmirrorFile& f, unsigned first,
                         unsigned last, unsigned value) {
  if (value + (last - first) >= D::scope.tokens)
    return unknown_call("device write of a value beyond the scope");
  return dmirror::access(c, t, f, first, last, true, [&](unsigned& next, CallResult& r) {
    dmirror::do_write(c, t, f, next, last, value, r);
  });
}

// lib/test_hmm_uapi.h HMM_DMIRROR_PROT_*.
inline constexpr unsigned HMM_DMIRROR_PROT_ERROR = 0xff;
inline constexpr unsigned HMM_DMIRROR_PROT_NONE = 0x00;
inline constexpr unsigned HMM_DMIRROR_PROT_READ = 0x01;
inline constexpr unsigned HMM_DMIRROR_PROT_WRITE = 0x02;
inline constexpr unsigned HMM_DMIRROR_PROT_ZERO = 0x10;
inline constexpr unsigned HMM_DMIRROR_PROT_DEV_PRIVATE_LOCAL = 0x20;
inline constexpr unsigned HMM_DMIRROR_PROT_DEV_COHERENT_LOCAL = 0x40;
inline constexpr unsigned HMM_DMIRROR_PROT_DEV_COHERENT_REMOTE = 0x50;

// HMM_DMIRROR_SNAPSHOT of one page: hmm_range_fault() that asks for nothing, dmirror_mkentry().
// Another device's private page is nothing to it.
template <class D>
unsigned dmirror_snapshot(const Caller<D>& c, const DmirrorFile& f, unsigned vpn) {
  const auto vma = c.vma(f.mm, vpn);
  const auto pte = c.pte(f.mm, vpn);
  if (!vma.mapped || !vma.read) return HMM_DMIRROR_PROT_ERROR;
  const unsigned rights = pte.write ? HMM_DMIRROR_PROT_WRITE : HMM_DMIRROR_PROT_READ;
  const bool own = is_memory_of<D>(pte.pfn, typename D::Num(f.device));
  if (is<D>(pte.kind, PteKind::device_private)) {
    return own ? HMM_DMIRROR_PROT_DEV_PRIVATE_LOCAL | rights : HMM_DMIRROR_PROT_NONE;
  }
  if (!is<D>(pte.kind, PteKind::present) || !pte.read) return HMM_DMIRROR_PROT_NONE;
  if (is_device_coherent_page<D>(pte.pfn))
    return rights |
           (own ? HMM_DMIRROR_PROT_DEV_COHERENT_LOCAL : HMM_DMIRROR_PROT_DEV_COHERENT_REMOTE);
  return rights | (is_zero_pfn<D>(pte.pfn) ? HMM_DMIRROR_PROT_ZERO : 0);
}

}  // namespace hmm
