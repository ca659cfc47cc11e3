#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A device stops being able to read its memory, for good.
//
// Kernel: no code runs; the driver learns of it and answers VM_FAULT_SIGBUS from then on
// (include/linux/memremap.h dev_pagemap_ops.migrate_to_ram).
template <class D>
struct DeviceFail {
  using Num = typename D::Num;
  static constexpr const char* name = "device_fail";
  static constexpr std::array verdicts{Verdict::ok, Verdict::device_failed};

  Num device{};

  static constexpr auto fields() {
    return Fields{field("device", &DeviceFail::device, sort::device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("device_failed", s.device.at(device).failed, Verdict::device_failed)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("fail")) s.device.update([](Device<D>& d) { d.failed = true; }, device);
  }
};

}  // namespace hmm
