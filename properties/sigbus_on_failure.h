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

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for (const auto& f : s.cpu_fault.slot) {
      all = all && implies(is<D>(f.stage, CpuFaultStage::returned), f.sigbus == f.lost);
      Bool failed = false;
      for_each<D>(sort::device, [&](unsigned d) {
        failed = failed || (is_memory_of<D>(f.pfn, Num(d)) && s.device.at(Num(d)).failed);
      });
      all = all && implies(f.sigbus || f.lost, failed);
    }
    return all;
  }
};

}  // namespace hmm
