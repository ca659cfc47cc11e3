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
    return Guards<D>()
        .end_if(!is<D>(f.stage, DeviceFaultStage::begun) || !f.want_write, Verdict::wrong_stage)
        .end_if(!slot_is_free<D>(s, invalidation), Verdict::slot_busy)
        .end_if(mmap_write_locked<D>(s, f.mm), Verdict::mmap_lock_wait)
        .end_if(!is<D>(pte.kind, PteKind::present) || !pte.write, Verdict::needs_fault)
        .end_if(s.page.at(pte.pfn).locked, Verdict::page_locked)
        .end_if(!s.page.at(pte.pfn).anon, Verdict::refused)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    when(is<D>(verdict, Verdict::ok), s, [&](State<D>& t) { hold_and_lock(t); });
    when(!is<D>(verdict, Verdict::ok), s,
         [&](State<D>& t) { t.device_fault.set(DeviceFault<D>{}, slot); });
  }

 private:
  void hold_and_lock(State<D>& s) const {
    const auto f = s.device_fault.at(slot);
    const Num pfn = s.pte.at(f.mm, f.vpn).pfn;
    get_page<D>(s, pfn);
    s.page.update([](Page<D>& p) { p.locked = true; }, pfn);
    open_range<D>(s, invalidation, RangeOp::exclusive, f.mm, f.vpn, f.vpn);
    s.device_fault.update(
        [&](DeviceFault<D>& x) {
          x.stage = num<D>(DeviceFaultStage::excluding);
          x.pfn = pfn;
          x.invalidation = invalidation;
        },
        slot);
  }
};

}  // namespace hmm
