#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The CPU writes a page through its page table.
//
// Kernel: no code runs; arch/x86/include/asm/pgtable.h pte_write().
template <class D>
struct CpuStore {
  using Num = typename D::Num;
  static constexpr const char* name = "cpu_store";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_alive, Verdict::needs_fault};

  Num mm{};
  Num vpn{};
  Num value{};

  static constexpr auto fields() {
    return Fields{field("mm", &CpuStore::mm, sort::mm), field("vpn", &CpuStore::vpn, sort::vpn),
                  field("value", &CpuStore::value, sort::token)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto pte = s.pte.at(mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("not_present", !is<D>(pte.kind, PteKind::present), Verdict::needs_fault)
        .end_if("protnone", !pte.read, Verdict::needs_fault)
        .end_if("read_only", !pte.write, Verdict::needs_fault)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("store"))
      s.page.update([&](Page<D>& p) { p.contents = value; }, s.pte.at(mm, vpn).pfn);
    if (does("dirty"))  // the hardware's doing
      s.pte.update([](Pte<D>& p) { p.dirty = dirty_bit<D>(true); }, mm, vpn);
    if (does("ghost")) note_store<D>(s, mm, vpn, value);
    note_write<D>(s, mm, vpn);
  }
};

}  // namespace hmm
