#pragma once
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A driver begins to mirror an address space. While a range is open its notifier is put off, and
// nobody walks before that closes.
//
// Kernel: mm/mmu_notifier.c __mmu_interval_notifier_insert(); 4.14 mm/hmm.c hmm_mirror_register(),
// whose caller has the mmap lock for writing. Simplified: a range that opened when no notifier was
// there puts it off as well, where the kernel has it in the tree at once, and no walk may begin
// either; and the first ever of an address space, for which mmu_notifier_register() takes the mmap
// lock, is as any other.
template <class D>
struct MmuIntervalNotifierInsert {
  using Num = typename D::Num;
  static constexpr const char* name = "mmu_interval_notifier_insert";
  static constexpr Retrier retrier = Retrier::subscribe;
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_alive, Verdict::slot_busy,
                                       Verdict::mmap_lock_wait};

  Num device{};
  Num mm{};

  static constexpr auto fields() {
    return Fields{field("device", &MmuIntervalNotifierInsert::device, sort::closing_device),
                  field("mm", &MmuIntervalNotifierInsert::mm, sort::mirrored_mm)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto absent = is<D>(s.subscription.at(device, mm).stage, NotifierStage::absent);
    typename D::Bool waits = false;
    if (!k.mmu_interval_notifier) waits = mmap_locked<D>(k, s, mm);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("inserted", !absent, Verdict::slot_busy)
        .end_if("mmap_lock", waits, Verdict::mmap_lock_wait)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto invalidating = is_invalidating<D>(s, mm);
    Subscription<D> sub{};
    if (does("odd_seq")) sub.current = invalidating;
    sub.stage = num<D>(NotifierStage::inserted);
    if (does("defer"))
      sub.stage =
          ite(invalidating, num<D>(NotifierStage::deferred), num<D>(NotifierStage::inserted));
    if (does("insert")) s.subscription.set(sub, device, mm);
  }
};

}  // namespace hmm
