#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: include/linux/memremap.h dev_pagemap_ops.migrate_to_ram, mm/migrate_device.c
// migrate_vma_setup(): "it must return VM_FAULT_SIGBUS".
struct SigbusOnFailure {
  static constexpr const char* name = "sigbus_on_failure";
  static constexpr const char* says =
      "a CPU fault ends in SIGBUS exactly when the device cannot give the page back";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    process_is_told_of_a_lost_page,
    lost_page_is_sigbus,
    sigbus_is_for_a_lost_page,
    only_a_failed_device_loses
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Bool = typename D::Bool;
    claim(Claim::process_is_told_of_a_lost_page, true, !s.oops.missed_sigbus, row("oops"));
    for_each_row(s.cpu_fault, [&](const auto& f, unsigned slot) {
      const auto here = row("cpu_fault", slot);
      const auto returned = is<D>(f.stage, CpuFaultStage::returned);
      claim(Claim::lost_page_is_sigbus, returned && f.lost, f.sigbus, here);
      claim(Claim::sigbus_is_for_a_lost_page, returned && f.sigbus, f.lost, here);
      Bool failed = false;
      for_each_row(s.device, [&](const auto& device, unsigned d) {
        failed = failed || (is_memory_of<D>(f.pfn, d) && device.failed);
      });
      claim(Claim::only_a_failed_device_loses, f.sigbus || f.lost, failed, here,
            row("page", f.pfn));
    });
  }
};

}  // namespace hmm
