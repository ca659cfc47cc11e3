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
  using Bool = typename D::Bool;
  static constexpr const char* name = "device_load";
  static constexpr std::array verdicts{Verdict::ok, Verdict::device_failed, Verdict::no_mirror};

  typename D::Num device{};
  typename D::Num mm{};
  typename D::Num vpn{};

  static constexpr bool is_in(const Scope& s) { return s.device_faults != 0; }
  static constexpr auto fields() {
    return Fields{field("device", &DeviceLoad::device, Kind::device),
                  field("mm", &DeviceLoad::mm, Kind::mirrored_mm),
                  field("vpn", &DeviceLoad::vpn, Kind::vpn)};
  }

  Num check([[maybe_unused]] const Profile& k, const State<D>& s) const {
    return Guards<D>()
        .end_if(s.device.at(device).failed, Verdict::device_failed)
        .end_if(!s.mirror.at(device, mm, vpn).valid, Verdict::no_mirror)
        .verdict();
  }

  void apply([[maybe_unused]] const Profile& k, [[maybe_unused]] State<D>& s,
             [[maybe_unused]] const Num& verdict) const {
    // Reading changes nothing that anybody here looks at.
  }
};

}  // namespace hmm
