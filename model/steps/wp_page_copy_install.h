#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/swap.h"
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
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::wp_copy), Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .end_if("pte_changed", !is_unchanged(inv, s.pte.at(inv.mm, vpn)), Verdict::changed)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto inv = s.invalidation.at(slot);
    const auto same = is<D>(verdict, Verdict::ok);
    when(same, s, [&](State<D>& t) { install(does, k, t, inv); });
    if (does("put_new")) when(!same, s, [&](State<D>& t) { put_page<D>(k, t, inv.new_pfn); });
    if (does("put_old")) put_page<D>(k, s, inv.old_pfn);
    if (does("free_swap"))
      when(same, s, [&](State<D>& t) { free_swap_cache<D>(k, t, inv.old_pfn); });
    if (does("forget_pages"))
      s.invalidation.update(
          [](Invalidation<D>& i) {
            i.old_pfn = Num(0);
            i.new_pfn = Num(0);
          },
          slot);
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }

 private:
  void install(const Effects<D>& does, const Profile& k, State<D>& s,
               const Invalidation<D>& inv) const {
    if (does("add_rmap")) add_new_anon_rmap<D>(k, s, inv.new_pfn);
    if (does("add_lru")) add_lru<D>(s, inv.new_pfn);
    if (does("set_pte"))
      s.pte.set(pte_mkdirty<D>(present_pte<D>(inv.new_pfn, true, true)), inv.mm, vpn);
    forget_gets<D>(k, s, inv.mm, vpn);
    // The mapping's own reference on the old page.
    when(!is_zero_pfn<D>(inv.old_pfn), s, [&](State<D>& t) {
      if (does("remove_rmap")) remove_rmap<D>(t, inv.old_pfn);
      if (does("put_page")) put_page<D>(k, t, inv.old_pfn);
    });
  }
  // pte_same(): still the read-only mapping that was copied.
  static Bool is_unchanged(const Invalidation<D>& inv, const Pte<D>& pte) {
    return is<D>(pte.kind, PteKind::present) && pte.pfn == inv.old_pfn && !pte.write && pte.read;
  }
};

}  // namespace hmm
