#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The page that a CPU fault waits for is unlocked: the fault puts it, and the CPU tries again.
//
// Kernel: 4.14 mm/migrate.c __migration_entry_wait(), from wait_on_page_locked() on.
template <class D>
struct MigrationEntryWaitEnd {
  using Num = typename D::Num;
  static constexpr const char* name = "migration_entry_wait_end";
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage, Verdict::page_locked};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrationEntryWaitEnd::slot, sort::entry_wait)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto f = s.cpu_fault.at(slot);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(f.stage, CpuFaultStage::waiting), Verdict::wrong_stage)
        .end_if("page_locked", s.page.at(f.pfn).locked, Verdict::page_locked)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Num pfn = s.cpu_fault.at(slot).pfn;
    if (does("end")) s.cpu_fault.set(CpuFault<D>{}, slot);
    if (does("put_page")) put_page<D>(k, s, pfn);
  }
};

}  // namespace hmm
