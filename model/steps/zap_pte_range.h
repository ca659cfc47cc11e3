#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A page table entry is torn down by munmap or MADV_DONTNEED.
//
// Kernel: mm/memory.c zap_pte_range(): one step, under the pte lock. A present or device private
// entry gives back its rmap and reference, a device exclusive one its reference; a migration entry
// holds neither.
template <class D>
struct ZapPteRange {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "zap_pte_range";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &ZapPteRange::slot, sort::invalidation),
                  field("vpn", &ZapPteRange::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>()
        .end_if(!is_op<D>(inv, RangeOp::munmap) && !is_op<D>(inv, RangeOp::dontneed),
                Verdict::not_in_flight)
        .end_if(!may_change_pte<D>(k, inv, vpn), Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Num mm = s.invalidation.at(slot).mm;
    const auto pte = s.pte.at(mm, vpn);
    const auto present = is<D>(pte.kind, PteKind::present) && !is_zero_pfn<D>(pte.pfn);
    const auto device_private = is<D>(pte.kind, PteKind::device_private);
    when(present || (Bool(k.zap_drops_private_rmap) && device_private), s,
         [&](State<D>& t) { remove_rmap<D>(t, pte.pfn); });
    const auto exclusive =
        Bool(k.zap_drops_exclusive_ref) && is<D>(pte.kind, PteKind::device_exclusive);
    when(present || device_private || exclusive, s, [&](State<D>& t) { put_page<D>(t, pte.pfn); });
    if (!k.zap_keeps_migration_ref)
      when(is<D>(pte.kind, PteKind::migration), s, [&](State<D>& t) { put_page<D>(t, pte.pfn); });
    s.pte.set(Pte<D>{}, mm, vpn);
    s.ghost.set(Ghost<D>{}, mm, vpn);
    pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
