#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A device fault asks for exclusive access: the page is held, locked, and the notifier range for
// the change of its pte is opened, MMU_NOTIFY_EXCLUSIVE with the driver as owner. A page that is
// not anonymous is refused.
//
// Kernel: mm/rmap.c make_device_exclusive_range(), page_make_device_exclusive_one() up to
// mmu_notifier_invalidate_range_start(), with the mmap lock held for reading until the range ends.
// Simplified: a locked page is waited for; the kernel gives it back, and the driver asks again.
template <class D>
struct MakeDeviceExclusiveRange {
  using Num = typename D::Num;
  static constexpr const char* name = "make_device_exclusive_range";
  static constexpr std::array verdicts{
      Verdict::ok,         Verdict::refused,        Verdict::wrong_stage,
      Verdict::slot_busy,  Verdict::mmap_lock_wait, Verdict::needs_fault,
      Verdict::page_locked};

  Num slot{};
  Num invalidation{};

  static constexpr auto fields() {
    return Fields{
        field("slot", &MakeDeviceExclusiveRange::slot, sort::exclusive),
        field("invalidation", &MakeDeviceExclusiveRange::invalidation, sort::invalidation)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto f = s.device_fault.at(slot);
    const auto pte = s.pte.at(f.mm, f.vpn);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(f.stage, DeviceFaultStage::begun), Verdict::wrong_stage)
        .end_if("want_write", !f.want_write, Verdict::wrong_stage)
        .end_if("slot_busy", !slot_is_free<D>(s, invalidation), Verdict::slot_busy)
        .end_if("mmap_lock", mmap_write_locked<D>(s, f.mm), Verdict::mmap_lock_wait)
        .end_if("not_present", !is<D>(pte.kind, PteKind::present), Verdict::needs_fault)
        .end_if("read_only", !pte.write, Verdict::needs_fault)
        .end_if("page_locked", s.page.at(pte.pfn).locked, Verdict::page_locked)
        .end_if("not_anon", !s.page.at(pte.pfn).anon, Verdict::refused)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    when(is<D>(verdict, Verdict::ok), s, [&](State<D>& t) { hold_and_lock(does, k, t); });
    if (does("end"))
      when(!is<D>(verdict, Verdict::ok), s,
           [&](State<D>& t) { t.device_fault.set(DeviceFault<D>{}, slot); });
  }

 private:
  void hold_and_lock(const Effects<D>& does, const Profile& k, State<D>& s) const {
    const auto f = s.device_fault.at(slot);
    const Num pfn = s.pte.at(f.mm, f.vpn).pfn;
    if (does("get_page")) get_page<D>(s, pfn);
    if (does("lock_page")) lock_page<D>(s, pfn);
    open_range<D>(does, s, invalidation, RangeOp::exclusive, f.mm, f.vpn, f.vpn);
    s.device_fault.update(
        [&](DeviceFault<D>& x) {
          if (does("stage")) {
            x.stage = num<D>(DeviceFaultStage::excluding);
            x.invalidation = invalidation;
          }
          if (does("pfn")) x.pfn = pfn;
        },
        slot);
  }
};

}  // namespace hmm
