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
  enum class Claim {
    idle_fault_is_blank,
    only_the_driver_answers,
    answer_is_sigbus_if_data_is_lost,
    page_is_device_private_or_waited_for,
    driver_has_one_migration_for_it,
    no_migration_is_for_it_elsewhere
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.cpu_fault, [&](const auto& f, unsigned slot) {
      const auto fault = row("cpu_fault", slot);
      const auto idle = is<D>(f.stage, CpuFaultStage::idle);
      claim(Claim::idle_fault_is_blank, idle, is_blank(f), fault);
      claim(Claim::only_the_driver_answers, is<D>(f.stage, CpuFaultStage::looked_up),
            !f.sigbus && !f.lost, fault);
      claim(Claim::answer_is_sigbus_if_data_is_lost, f.sigbus || f.lost, f.sigbus == f.lost, fault);
      // Who waits for a migration entry has its page, of whatever memory.
      const auto waiting = is<D>(f.stage, CpuFaultStage::waiting);
      const auto waits_so = typename D::Bool(k.migration_wait_takes_page_ref) &&
                            !is_zero_pfn<D>(f.pfn) && !f.sigbus && !f.lost;
      claim(Claim::page_is_device_private_or_waited_for, !idle,
            (waiting && waits_so) || (!waiting && is_device_private_page<D>(f.pfn)), fault);
      Num answering(0);
      for (const auto& m : s.migration.slot)
        answering = answering + to_num(m.for_fault && m.fault == Num(slot));
      const auto in_driver = is<D>(f.stage, CpuFaultStage::in_driver);
      claim(Claim::driver_has_one_migration_for_it, in_driver, answering == Num(1), fault);
      claim(Claim::no_migration_is_for_it_elsewhere, !in_driver, answering == Num(0), fault);
    });
  }
};

}  // namespace hmm
