#pragma once
#include "model/buffer.h"
#include "model/migrate.h"
#include "model/verdict.h"

namespace hmm {

// The driver is done with a migration, unlocks the buffers that it filled and drops the mmap lock;
// if a CPU fault asked for it, it answers.
//
// Kernel: the driver's code after migrate_vma_finalize(), as in lib/test_hmm.c
// dmirror_devmem_fault(); 7.3 drivers/gpu/drm/xe/xe_svm.c xe_drm_pagemap_populate_mm().
template <class D>
struct MigrateVmaEnd {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "migrate_vma_end";
  static constexpr std::array verdicts{Verdict::ok, Verdict::wrong_stage, Verdict::in_flight};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &MigrateVmaEnd::slot, sort::migration)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool pages = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      pages = pages || !is<D>(s.migrate_entry.at(slot, Num(v)).stage, EntryStage::none);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(s.migration.at(slot).stage, MigrationStage::running),
                Verdict::wrong_stage)
        .end_if("in_flight", pages, Verdict::in_flight)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto m = s.migration.at(slot);
    when(m.for_fault, s, [&](State<D>& t) {
      t.cpu_fault.update(
          [&](CpuFault<D>& f) {
            if (does("return")) f.stage = num<D>(CpuFaultStage::returned);
            if (!k.busy_page_is_not_sigbus)
              f.sigbus = f.sigbus || is<D>(t.pte.at(f.mm, f.vpn).kind, PteKind::device_private);
          },
          m.fault);
    });
    leave_buffers<D>(k, s, m);
    if (does("end")) s.migration.set(Migration<D>{}, slot);
  }
};

}  // namespace hmm
