#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// The copy takes the old page's place, unless the pte changed meanwhile.
//
// Kernel: mm/memory.c wp_page_copy() from pte_offset_map_lock() to pte_unmap_unlock(): one step
// under the pte lock, after the callbacks of the range.
template <class D>
struct WpPageCopyInstall {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "wp_page_copy_install";
  static constexpr std::array verdicts{Verdict::ok, Verdict::changed, Verdict::not_in_flight,
                                       Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("slot", &WpPageCopyInstall::slot, sort::invalidation),
                  field("vpn", &WpPageCopyInstall::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>()
        .end_if(!is_op<D>(inv, RangeOp::wp_copy), Verdict::not_in_flight)
        .end_if(!may_change_pte<D>(k, inv, vpn), Verdict::not_pending)
        .end_if(!is_unchanged(inv, s.pte.at(inv.mm, vpn)), Verdict::changed)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const auto inv = s.invalidation.at(slot);
    const auto same = is<D>(verdict, Verdict::ok);
    when(same, s, [&](State<D>& t) {
      map_new_anon<D>(k, t, inv.new_pfn);
      t.pte.set(pte_mkdirty<D>(present_pte<D>(inv.new_pfn, true, true)), inv.mm, vpn);
      // The mapping's own reference on the old page.
      when(!is_zero_pfn<D>(inv.old_pfn), t, [&](State<D>& u) { unmap_page<D>(u, inv.old_pfn); });
    });
    when(!same, s, [&](State<D>& t) { put_page<D>(t, inv.new_pfn); });
    put_page<D>(s, inv.old_pfn);
    s.invalidation.update(
        [](Invalidation<D>& i) {
          i.old_pfn = Num(0);
          i.new_pfn = Num(0);
        },
        slot);
    pte_is_changed<D>(s, slot, vpn);
  }

 private:
  // pte_same(): still the read-only mapping that was copied.
  static Bool is_unchanged(const Invalidation<D>& inv, const Pte<D>& pte) {
    return is<D>(pte.kind, PteKind::present) && pte.pfn == inv.old_pfn && !pte.write && pte.read;
  }
};

}  // namespace hmm
