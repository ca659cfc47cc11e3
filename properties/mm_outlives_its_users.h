#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: kernel/fork.c check_mm() complains of what an address space leaves behind;
// include/linux/sched/mm.h mmget_not_zero() keeps those out who come late, and the mmap lock keeps
// it until they are done.
struct MmOutlivesItsUsers {
  static constexpr const char* name = "mm_outlives_its_users";
  static constexpr const char* says =
      "nothing is in an address space, or at work in it, that has gone or is not there yet";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    vma_is_of_an_mm_that_lives_or_is_copied,
    entry_is_of_an_mm_that_lives_or_is_copied,
    range_is_of_a_living_mm,
    child_is_not_alive_yet,
    migration_is_of_a_living_mm,
    cpu_fault_is_of_a_living_mm,
    device_fault_is_of_a_living_mm
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    memory(s, claim);
    const auto alive = [&](Claim what, const auto& given, const auto& mm, const Row& user) {
      claim(what, given, s.mm.at(mm).alive, user, row("mm", mm));
    };
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      const auto here = row("invalidation", slot);
      alive(Claim::range_is_of_a_living_mm, !is_op<D>(inv, RangeOp::none), inv.mm, here);
      claim(Claim::child_is_not_alive_yet, is_op<D>(inv, RangeOp::fork), !s.mm.at(inv.child).alive,
            here, row("mm", inv.child));
    });
    for_each_row(s.migration, [&](const auto& m, unsigned slot) {
      alive(Claim::migration_is_of_a_living_mm, !is<D>(m.stage, MigrationStage::idle) && !m.by_pfn,
            m.mm, row("migration", slot));
    });
    for_each_row(s.cpu_fault, [&](const auto& f, unsigned slot) {
      alive(Claim::cpu_fault_is_of_a_living_mm, !is<D>(f.stage, CpuFaultStage::idle), f.mm,
            row("cpu_fault", slot));
    });
    for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
      alive(Claim::device_fault_is_of_a_living_mm, !is<D>(f.stage, DeviceFaultStage::idle), f.mm,
            row("device_fault", slot));
    });
  }

 private:
  template <class D, class Visit>
  static void memory(const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    for_each_row(s.vma, [&](const auto& vma, unsigned mm, unsigned vpn) {
      Bool child = false, copied = false;
      for (const auto& inv : s.invalidation.slot) {
        const auto here = is_op<D>(inv, RangeOp::fork) && inv.child == Num(mm);
        child = child || here;
        copied = copied || (here && !inv.todo.at(vpn));
      }
      const auto alive = s.mm.at(mm).alive;
      claim(Claim::vma_is_of_an_mm_that_lives_or_is_copied, vma.mapped, alive || child,
            row("vma", mm, vpn), row("mm", mm));
      claim(Claim::entry_is_of_an_mm_that_lives_or_is_copied,
            !is<D>(s.pte.at(mm, vpn).kind, PteKind::none), alive || copied, row("pte", mm, vpn),
            row("mm", mm));
    });
  }
};

}  // namespace hmm
