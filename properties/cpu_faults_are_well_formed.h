#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memory.c do_swap_page(): the reference is taken under the pte lock, so the page cannot
// go.
struct CpuFaultsAreWellFormed {
  static constexpr const char* name = "cpu_faults_are_well_formed";
  static constexpr const char* says =
      "a CPU fault in flight holds a device page, and a migration answers it";
  static constexpr bool is_strengthening = true;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each<D>(sort::cpu_fault, [&](unsigned i) {
      const auto f = s.cpu_fault.at(Num(i));
      const auto idle = is<D>(f.stage, CpuFaultStage::idle);
      Num answering(0);
      for (const auto& m : s.migration.slot)
        answering = answering + to_num(m.for_fault && m.fault == Num(i));
      all = all && implies(idle, f.mm == Num(0) && f.vpn == Num(0) && f.pfn == Num(0));
      all = all && implies(idle || is<D>(f.stage, CpuFaultStage::looked_up), !f.sigbus && !f.lost);
      all = all && implies(!idle, is_device_private_page<D>(f.pfn) && s.mm.at(f.mm).alive &&
                                      s.vma.at(f.mm, f.vpn).mapped);
      all = all && f.sigbus == f.lost;
      all = all && answering == to_num(is<D>(f.stage, CpuFaultStage::in_driver));
    });
    return all;
  }
};

}  // namespace hmm
