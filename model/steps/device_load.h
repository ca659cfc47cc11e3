#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The device reads a page through its page table.
//
// Kernel: no code runs; lib/test_hmm.c dmirror_do_read() plays the device.
template <class D>
struct DeviceLoad {
  using Num = typename D::Num;
  static constexpr const char* name = "device_load";
  static constexpr std::array verdicts{Verdict::ok, Verdict::device_failed, Verdict::no_mirror};

  Num device{};
  Num mm{};
  Num vpn{};

  static constexpr Gate gate{&Scope::device_faults};
  static constexpr auto fields() {
    return Fields{field("device", &DeviceLoad::device, sort::device),
                  field("mm", &DeviceLoad::mm, sort::mirrored_mm),
                  field("vpn", &DeviceLoad::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("device_failed", s.device.at(device).failed, Verdict::device_failed)
        .end_if("no_mirror", !s.mirror.at(device, mm, vpn).valid, Verdict::no_mirror)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    // Reading changes nothing that anybody here looks at.
  }
};

}  // namespace hmm
