#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The driver has answered: the fault lets go of its page, and the CPU tries again or the
// process gets SIGBUS.
//
// Kernel: mm/memory.c do_swap_page() after migrate_to_ram; arch/x86/mm/fault.c do_sigbus().
template <class D>
struct DoSwapPageEnd {
  using Num = typename D::Num;
  static constexpr const char* name = "do_swap_page_end";
  static constexpr std::array verdicts{Verdict::ok, Verdict::sigbus, Verdict::wrong_stage};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &DoSwapPageEnd::slot, sort::cpu_fault)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto f = s.cpu_fault.at(slot);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(f.stage, CpuFaultStage::returned), Verdict::wrong_stage)
        .end_if("sigbus", f.sigbus, Verdict::sigbus)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto f = s.cpu_fault.at(slot);
    const Num pfn = f.pfn;
    s.oops.missed_sigbus = s.oops.missed_sigbus || (f.lost && !is<D>(verdict, Verdict::sigbus));
    if (does("end")) s.cpu_fault.set(CpuFault<D>{}, slot);
    if (k.fault_locks_page && does("unlock_page")) unlock_page<D>(s, pfn);
    if (k.fault_takes_page_ref && does("put_page")) put_page<D>(k, s, pfn);
  }
};

}  // namespace hmm
