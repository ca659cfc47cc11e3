#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A device fault begins: it notes the subscription's sequence number.
//
// Kernel: mm/mmu_notifier.c mmu_interval_read_begin(), which sleeps while the subscription's number
// is that of a range still open.
template <class D>
struct MmuIntervalReadBegin {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mmu_interval_read_begin";
  static constexpr Retrier retrier = Retrier::device;
  static constexpr std::array verdicts{Verdict::ok,           Verdict::slot_busy,
                                       Verdict::not_alive,    Verdict::device_failed,
                                       Verdict::invalidating, Verdict::no_mirror};

  Num slot{};
  Num device{};
  Num mm{};
  Num vpn{};
  Bool write{};  // HMM_PFN_REQ_WRITE

  static constexpr auto fields() {
    return Fields{field("slot", &MmuIntervalReadBegin::slot, sort::device_fault),
                  field("device", &MmuIntervalReadBegin::device, sort::device),
                  field("mm", &MmuIntervalReadBegin::mm, sort::mirrored_mm),
                  field("vpn", &MmuIntervalReadBegin::vpn, sort::vpn),
                  field("write", &MmuIntervalReadBegin::write)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    // The driver's own lock: it asks for nothing else of a page that it is making exclusive.
    Bool excluding = false;
    for (const auto& f : s.device_fault.slot)
      excluding =
          excluding || (is_excluding<D>(f) && f.device == device && f.mm == mm && f.vpn == vpn);
    return Guards<D>(k, name)
        .end_if("slot_busy", !is<D>(s.device_fault.at(slot).stage, DeviceFaultStage::idle),
                Verdict::slot_busy)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("device_failed", s.device.at(device).failed, Verdict::device_failed)
        .end_if("subscribed", !is_subscribed<D>(s.subscription.at(device, mm)), Verdict::no_mirror)
        .end_if("invalidating", s.subscription.at(device, mm).current, Verdict::invalidating)
        .end_if("excluding", excluding, Verdict::invalidating)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    DeviceFault<D> fault{};
    fault.stage = num<D>(DeviceFaultStage::begun);
    fault.device = device;
    fault.mm = mm;
    fault.vpn = vpn;
    fault.want_write = write;
    fault.fresh = true;
    if (does("begin")) s.device_fault.set(fault, slot);
  }
};

}  // namespace hmm
