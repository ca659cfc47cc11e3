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
// tries no more.
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
  }
  return false;
}

// Whether the step is how it is tried.
template <class S>
constexpr bool tries(const S& step, const Want& w) {
  if constexpr (requires { S::retrier; }) {
    if (S::retrier != w.by) return false;
    if constexpr (S::retrier == Retrier::eviction)
      return step.pfn.v == w.pfn;
    else if constexpr (S::retrier == Retrier::device)
      return step.device.v == w.device && step.mm.v == w.mm && step.vpn.v == w.vpn &&
             step.write == w.write;
    else
      return step.mm.v == w.mm && step.vpn.v == w.vpn;
  }
  return false;
}

}  // namespace hmm
