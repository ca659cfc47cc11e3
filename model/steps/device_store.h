#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The device writes a page through its page table.
//
// Kernel: no code runs; lib/test_hmm.c dmirror_do_write() plays the device.
template <class D>
struct DeviceStore {
  using Num = typename D::Num;
  static constexpr const char* name = "device_store";
  static constexpr std::array verdicts{Verdict::ok, Verdict::device_failed, Verdict::no_mirror};

  Num device{};
  Num mm{};
  Num vpn{};
  Num value{};

  static constexpr Gate gate{&Scope::device_faults};
  static constexpr auto fields() {
    return Fields{field("device", &DeviceStore::device, sort::device),
                  field("mm", &DeviceStore::mm, sort::mirrored_mm),
                  field("vpn", &DeviceStore::vpn, sort::vpn),
                  field("value", &DeviceStore::value, sort::token)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto mirror = s.mirror.at(device, mm, vpn);
    return Guards<D>(k, name)
        .end_if("device_failed", s.device.at(device).failed, Verdict::device_failed)
        .end_if("no_mirror", !mirror.valid, Verdict::no_mirror)
        .end_if("read_only", !mirror.write, Verdict::no_mirror)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("store"))
      s.page.update([&](Page<D>& p) { p.contents = value; }, s.mirror.at(device, mm, vpn).pfn);
    if (does("ghost")) note_store<D>(s, mm, vpn, value);
    note_write<D>(s, mm, vpn);
  }
};

}  // namespace hmm
