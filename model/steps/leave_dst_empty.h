#pragma once
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// The driver leaves dst[] empty for a page: no memory, or a device that can no longer read it.
//
// Kernel: the driver's code between migrate_vma_setup() and migrate_vma_pages(). If the device
// failed and a CPU waits for the page, that fault cannot be satisfied.
template <class D>
struct LeaveDstEmpty {
  using Num = typename D::Num;
  static constexpr const char* name = "leave_dst_empty";
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &LeaveDstEmpty::slot, sort::migration),
                  field("vpn", &LeaveDstEmpty::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is_ready_to_copy<D>(s, slot, vpn), Verdict::wrong_stage)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto m = s.migration.at(slot);
    if (does("stage"))
      s.migrate_entry.update([](MigrateEntry<D>& e) { e.stage = num<D>(EntryStage::copied); }, slot,
                             vpn);
    const auto src = s.migrate_entry.at(slot, vpn).src;
    const auto lost = is_device_private_page<D>(src) && s.device.at(m.device).failed;
    when(m.for_fault && lost, s, [&](State<D>& t) {
      t.cpu_fault.update(
          [&](CpuFault<D>& f) {
            if (does("lost")) f.lost = true;
            if (k.failed_copy_is_sigbus && does("sigbus")) f.sigbus = true;
          },
          m.fault);
    });
  }
};

}  // namespace hmm
