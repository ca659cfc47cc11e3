#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The CPU reads a page through its page table: the hardware looks at the pte and nothing else.
//
// Kernel: no code runs; arch/x86/include/asm/pgtable.h pte_present(), pte_protnone().
template <class D>
struct CpuLoad {
  using Num = typename D::Num;
  static constexpr const char* name = "cpu_load";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_alive, Verdict::needs_fault};

  Num mm{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("mm", &CpuLoad::mm, sort::mm), field("vpn", &CpuLoad::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto pte = s.pte.at(mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("not_present", !is<D>(pte.kind, PteKind::present), Verdict::needs_fault)
        .end_if("protnone", !pte.read, Verdict::needs_fault)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    // Reading changes nothing that anybody here looks at.
  }
};

}  // namespace hmm
