#pragma once
#include "model/migrate.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The driver's invalidate callback runs for an open range: sets the sequence and drops device ptes.
//
// Kernel: mm/mmu_notifier.c mn_itree_invalidate(), mn_hlist_invalidate_range_start(); a callback
// such as lib/test_hmm.c dmirror_interval_invalidate(): one step, under the driver's lock.
template <class D>
struct MnItreeInvalidate {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "mn_itree_invalidate";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  Num slot{};
  Num device{};

  static constexpr auto fields() {
    return Fields{field("slot", &MnItreeInvalidate::slot, sort::invalidation),
                  field("device", &MnItreeInvalidate::device, sort::device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    Bool early = false;
    if (!k.invalidate_at_start)
      for (const auto& todo : inv.todo.slot) early = early || todo;
    return Guards<D>(k, name)
        .end_if("not_in_flight", is_op<D>(inv, RangeOp::none), Verdict::not_in_flight)
        .end_if("not_pending", !inv.pending.at(device), Verdict::not_pending)
        .end_if("early", early, Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto inv = s.invalidation.at(slot);
    Bool own_migrate = false;  // range->event is MMU_NOTIFY_MIGRATE and range->owner is ours
    for (unsigned m = 0; m < D::scope.migrations; ++m) {
      const auto& migration = s.migration.slot[m];
      own_migrate = own_migrate || (opened<D>(migration, slot) && migration.device == device);
    }
    Bool own_exclusive = false;
    for (const auto& f : s.device_fault.slot)
      own_exclusive = own_exclusive || (excludes_by<D>(f, slot) && f.device == device);
    if (does("invalidate"))
      invalidate<D>(k, s, device, inv.mm, own_migrate, own_exclusive,
                    [&](unsigned vpn) { return inv.covers.slot[vpn]; });
    if (does("done"))
      s.invalidation.update(
          [&](Invalidation<D>& i) {
            i.pending.update([](Bool& pending) { pending = false; }, device);
          },
          slot);
  }
};

}  // namespace hmm
