#pragma once
#include "properties/property.h"

namespace hmm {

// A subscription is current only while a range is open, and then no walk is fresh; once its
// callback ran, a covered page has no device pte and a walk of it is not fresh; a fresh walk's
// result is still what the CPU's pte says.
//
// Kernel: mm/mmu_notifier.c mmu_interval_read_begin(), the comment on the sequence lock.
struct SequenceProtocol {
  static constexpr const char* name = "sequence_protocol";
  static constexpr const char* says =
      "subscriptions, walks and mirrors are where the sequence numbers say";
  static constexpr bool is_strengthening = true;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    // Older kernels promise less, which is what was wrong with them.
    const bool sequenced = k.mmu_interval_notifier && k.invalidate_at_start;
    for_each_mirror<D>([&](const Num& device, const Num& mm, const Num& vpn) {
      const auto current = s.subscription.at(device, mm).current;
      all = all && implies(current, is_invalidating<D>(s, mm));
      const auto mirror = s.mirror.at(device, mm, vpn);
      all =
          all && implies(!mirror.valid, mirror.pfn == Num(0) && !mirror.write && !mirror.exclusive);
      all = all && implies(mirror.exclusive, mirror.write);
      // Stronger than what is promised: ptes change only once the callbacks have run.
      if (!sequenced) return;
      all = all && implies(mirror.valid, mirrors<D>(mirror, s.pte.at(mm, vpn)));
      for (const auto& inv : s.invalidation.slot) {
        const auto called =
            !is_op<D>(inv, RangeOp::none) && inv.mm == mm && !inv.pending.at(device);
        Bool own_exclusive = false;
        for (const auto& f : s.device_fault.slot)
          own_exclusive = own_exclusive || (is<D>(f.stage, DeviceFaultStage::excluding) &&
                                            f.device == device && same_range<D>(s, f, inv));
        const auto passes_over =
            mirror.exclusive && (is_op<D>(inv, RangeOp::migrate) || is_op<D>(inv, RangeOp::insert));
        all = all && implies(called, current || own_exclusive);
        all = all && implies(called && inv.covers.at(vpn), !mirror.valid || passes_over);
      }
    });
    for (const auto& f : s.device_fault.slot) {
      const auto pte = s.pte.at(f.mm, f.vpn);
      const auto idle = is<D>(f.stage, DeviceFaultStage::idle);
      const auto walked = is<D>(f.stage, DeviceFaultStage::walked);
      all = all && implies(f.fresh, !s.subscription.at(f.device, f.mm).current && !f.overtaken);
      all = all && implies(idle, !f.fresh && !f.overtaken && !f.want_write && f.device == Num(0) &&
                                     f.mm == Num(0) && f.vpn == Num(0));
      const auto excluding = is<D>(f.stage, DeviceFaultStage::excluding);
      const auto inv = s.invalidation.at(f.invalidation);
      all = all && implies(!walked && !is_excluding<D>(f), f.pfn == Num(0) && !f.write);
      all = all && implies(is_excluding<D>(f), f.pfn != Num(0) && f.want_write &&
                                                   !is_device_private_page<D>(f.pfn) &&
                                                   s.page.at(f.pfn).anon);
      all = all && implies(excluding && maps<D>(pte, f.pfn), pte.write);
      all = all && implies(!excluding, f.invalidation == Num(0));
      all = all && implies(excluding, is_op<D>(inv, RangeOp::exclusive) && inv.mm == f.mm &&
                                          inv.covers.at(f.vpn) && !(f.write && inv.todo.at(f.vpn)));
      all = all && implies(!idle, s.mm.at(f.mm).alive);
      if (!sequenced) continue;
      all = all &&
            implies(is_excluding<D>(f) && f.fresh && f.write, excludes<D>(pte, f.pfn) && pte.write);
      all = all && implies(walked && f.fresh, (is<D>(pte.kind, PteKind::present) ||
                                               is<D>(pte.kind, PteKind::device_private)) &&
                                                  pte.pfn == f.pfn && implies(f.write, pte.write));
      all = all && implies(walked && f.fresh && is_device_private_page<D>(f.pfn),
                           is_memory_of<D>(f.pfn, f.device));
    }
    return all;
  }
};

}  // namespace hmm
