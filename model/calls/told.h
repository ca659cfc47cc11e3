#pragma once
#include "model/notifier.h"
#include "model/run.h"

// Whom a step tells that a page changes.
namespace hmm {

// For each device, address space and page: mmu_interval_notifier_ops.invalidate was called for it,
// and not for a migration of the device's own.
template <class D>
using Told =
    std::array<std::array<std::array<bool, D::scope.vpns>, D::scope.mms>, D::scope.devices>;

// What notifier.h invalidate() does is the step's to say: it is taken where every device has every
// page. They have it exclusively, since such pages a device keeps through its own migrations.
template <class D, class S>
Told<D> told_by(const Profile& k, const State<D>& s, const S& step,
                const typename D::Num& verdict) {
  State<D> then = s;
  for (auto& mirror : then.mirror.slot) mirror = {.valid = true, .write = true, .exclusive = true};
  apply_step<D>(k, then, step, verdict);
  Told<D> told{};
  for (std::size_t i = 0; i < then.mirror.size; ++i)
    told[then.mirror.index_of(i, 0)][then.mirror.index_of(i, 1)][then.mirror.index_of(i, 2)] =
        !then.mirror.slot[i].valid;
  return told;
}

}  // namespace hmm
