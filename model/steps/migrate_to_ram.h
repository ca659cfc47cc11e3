#pragma once
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// The driver is called for the page: it starts to migrate it back, or, if the device failed,
// answers VM_FAULT_SIGBUS at once.
//
// Kernel: include/linux/memremap.h dev_pagemap_ops.migrate_to_ram; a driver's is lib/test_hmm.c
// dmirror_devmem_fault().
template <class D>
struct MigrateToRam {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_to_ram";
  static constexpr std::array verdicts{Verdict::ok, Verdict::sigbus, Verdict::wrong_stage,
                                       Verdict::slot_busy};

  Num fault{};
  Num slot{};
  Num invalidation{};

  static constexpr auto fields() {
    return Fields{field("fault", &MigrateToRam::fault, sort::cpu_fault),
                  field("slot", &MigrateToRam::slot, sort::migration),
                  field("invalidation", &MigrateToRam::invalidation, sort::invalidation)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto f = s.cpu_fault.at(fault);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(f.stage, CpuFaultStage::looked_up), Verdict::wrong_stage)
        .end_if("device_failed", has_failed_device<D>(s, f.pfn), Verdict::sigbus)
        .end_if("slot_busy", !is<D>(s.migration.at(slot).stage, MigrationStage::idle),
                Verdict::slot_busy)
        .end_if("range_busy", !slot_is_free<D>(s, invalidation), Verdict::slot_busy)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto f = s.cpu_fault.at(fault);
    const auto sigbus = is<D>(verdict, Verdict::sigbus);
    s.cpu_fault.update(
        [&](CpuFault<D>& x) {
          if (does("stage"))
            x.stage =
                ite(sigbus, num<D>(CpuFaultStage::returned), num<D>(CpuFaultStage::in_driver));
          if (does("sigbus")) x.sigbus = sigbus;
          if (does("lost")) x.lost = sigbus;
        },
        fault);
    when(!sigbus, s, [&](State<D>& t) {
      begin_migration<D>(does, t, slot, invalidation, f.mm, device_of<D>(f.pfn), Bool(false), f.vpn,
                         f.vpn);
      if (does("fault_page"))
        t.migration.update(
            [&](Migration<D>& m) {
              m.for_fault = true;
              m.fault = fault;
            },
            slot);
    });
  }
};

}  // namespace hmm
