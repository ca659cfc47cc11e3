#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A read fault on an empty pte of anonymous memory: the shared zero page, read-only.
//
// Kernel: mm/memory.c do_anonymous_page(), its branch for !FAULT_FLAG_WRITE.
template <class D>
struct DoAnonymousZeroPage {
  using Num = typename D::Num;
  static constexpr const char* name = "do_anonymous_zero_page";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{
      Verdict::ok,     Verdict::not_alive,     Verdict::mmap_lock_wait,
      Verdict::no_vma, Verdict::no_permission, Verdict::pte_not_none};

  Num mm{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("mm", &DoAnonymousZeroPage::mm, sort::mm),
                  field("vpn", &DoAnonymousZeroPage::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("no_vma", !vma.mapped, Verdict::no_vma)
        .end_if("vma_shared", is_shared<D>(vma), Verdict::no_vma)
        .end_if("vm_read", !vma.read, Verdict::no_permission)
        .end_if("pte_not_none", !is<D>(pte.kind, PteKind::none), Verdict::pte_not_none)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("set_pte")) s.pte.set(present_pte<D>(Num(0), true, false), mm, vpn);
  }
};

}  // namespace hmm
