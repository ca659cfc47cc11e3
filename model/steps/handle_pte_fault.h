#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A write fault on a page that may be written already, of whoever faults more than it needs or came
// second: the pte is dirty from then on, though nobody has written.
//
// Kernel: mm/memory.c handle_pte_fault(): one step, under the pte lock.
template <class D>
struct HandlePteFault {
  using Num = typename D::Num;
  static constexpr const char* name = "handle_pte_fault";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_alive, Verdict::mmap_lock_wait,
                                       Verdict::needs_fault};

  Num mm{};
  Num vpn{};

  static constexpr Gate gate{&Scope::dirty_bits};
  static constexpr auto fields() {
    return Fields{field("mm", &HandlePteFault::mm, sort::mm),
                  field("vpn", &HandlePteFault::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto pte = s.pte.at(mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("not_present", !is<D>(pte.kind, PteKind::present), Verdict::needs_fault)
        .end_if("read_only", !pte.write, Verdict::needs_fault)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("dirty")) s.pte.update([](Pte<D>& p) { p = pte_mkdirty<D>(p); }, mm, vpn);
  }
};

}  // namespace hmm
