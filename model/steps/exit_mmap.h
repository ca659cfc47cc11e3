#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// An address space that maps nothing any more ends.
//
// Kernel: mm/mmap.c exit_mmap().
// Simplified: what it still maps is unmapped by munmap steps first; MMU_NOTIFY_RELEASE then has
// nothing left to drop.
template <class D>
struct ExitMmap {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "exit_mmap";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_alive, Verdict::mmap_lock_wait,
                                       Verdict::still_mapped, Verdict::in_flight};

  Num mm{};

  static constexpr auto fields() { return Fields{field("mm", &ExitMmap::mm, sort::mm)}; }

  Num check(const Profile& k, const State<D>& s) const {
    Bool mapped = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v) mapped = mapped || s.vma.at(mm, Num(v)).mapped;
    Bool walking = false;
    for (const auto& f : s.device_fault.slot)
      walking = walking || (!is<D>(f.stage, DeviceFaultStage::idle) && f.mm == mm);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("still_mapped", mapped, Verdict::still_mapped)
        .end_if("device_fault", walking, Verdict::in_flight)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("exit")) s.mm.set(Mm<D>{}, mm);
  }
};

}  // namespace hmm
