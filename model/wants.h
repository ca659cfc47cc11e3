#pragma once
#include "model/run.h"
#include "model/want.h"

// What somebody tries again until it is done, and who is in flight meanwhile: for liveness.
namespace hmm {

namespace detail {

template <class D>
bool may_access(const State<D>& s, const Want& w) {
  using Num = typename D::Num;
  const auto vma = s.vma.at(Num(w.mm), Num(w.vpn));
  return s.mm.at(Num(w.mm)).alive && vma.mapped && vma.read && (!w.write || vma.write);
}

}  // namespace detail

// Whether the want is neither fulfilled nor in vain: who may not access the page is told so, and
// tries no more; a device that has failed gives nothing back.
template <class D>
bool is_pending(const Profile& k, const State<D>& s, const Want& w) {
  using Num = typename D::Num;
  const Num mm(w.mm), vpn(w.vpn), device(w.device);
  const auto fails = [&](const auto& step) { return !takes_effect(verdict_of<D>(k, s, step)); };
  switch (w.by) {
    case Retrier::cpu:
      return detail::may_access(s, w) && (w.write ? fails(CpuStore<D>{.mm = mm, .vpn = vpn})
                                                  : fails(CpuLoad<D>{.mm = mm, .vpn = vpn}));
    case Retrier::device:
      return detail::may_access(s, w) && !s.device.at(device).failed &&
             (w.write ? fails(DeviceStore<D>{.device = device, .mm = mm, .vpn = vpn})
                      : fails(DeviceLoad<D>{.device = device, .mm = mm, .vpn = vpn}));
    case Retrier::eviction:
      return s.page.at(Num(w.pfn)).refcount != Num(0) && !has_failed_device<D>(s, Num(w.pfn));
    case Retrier::hotplug:
      return !s.region.at(Num(w.region)).ram;
    case Retrier::hotunplug:
      return s.region.at(Num(w.region)).ram;
    case Retrier::memremap:
      return is<D>(s.pagemap.at(device).stage, PagemapStage::absent) ||
             is<D>(s.pagemap.at(device).stage, PagemapStage::requested);
    case Retrier::memunmap:
      return !is<D>(s.pagemap.at(device).stage, PagemapStage::absent) &&
             !s.device.at(device).failed;
    case Retrier::subscribe:
      return s.mm.at(mm).alive && is<D>(s.subscription.at(device, mm).stage, NotifierStage::absent);
    case Retrier::unsubscribe:
      return !is<D>(s.subscription.at(device, mm).stage, NotifierStage::absent);
  }
  return false;
}

// Whether the step is how it is tried. Who removes a device's memory empties it, if that is assumed
// of drivers.
template <class D, class S>
bool tries(const Profile& k, const S& step, const Want& w) {
  if constexpr (requires { S::retrier; }) {
    if constexpr (S::retrier == Retrier::eviction)
      if (w.by == Retrier::memunmap)
        return k.driver_empties_memory && device_of<D>(step.pfn).v == w.device;
    if (S::retrier != w.by) return false;
    if constexpr (S::retrier == Retrier::eviction)
      return step.pfn.v == w.pfn;
    else if constexpr (S::retrier == Retrier::device)
      return step.device.v == w.device && step.mm.v == w.mm && step.vpn.v == w.vpn &&
             step.write == w.write;
    else if constexpr (S::retrier == Retrier::cpu)
      return step.mm.v == w.mm && step.vpn.v == w.vpn;
    else if constexpr (S::retrier == Retrier::hotplug || S::retrier == Retrier::hotunplug)
      return step.region.v == w.region;
    else if constexpr (S::retrier == Retrier::memremap || S::retrier == Retrier::memunmap)
      return step.device.v == w.device;
    else
      return step.device.v == w.device && step.mm.v == w.mm;
  }
  return false;
}

}  // namespace hmm
