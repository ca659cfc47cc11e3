#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// fork passes over a page whose vma has no anon_vma: nothing but the zero page can be there, and a
// fault will bring it back. The parent's range leaves the page out.
//
// Kernel: mm/memory.c vma_needs_copy(), copy_page_range(). Which vma has an anon_vma is a choice,
// made before any callback has run.
template <class D>
struct VmaNeedsCopy {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "vma_needs_copy";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending,
                                       Verdict::pte_not_none};

  Num slot{};
  Num vpn{};

  static constexpr Gate gate{&Scope::mms, 1};
  static constexpr auto fields() {
    return Fields{field("slot", &VmaNeedsCopy::slot, sort::invalidation),
                  field("vpn", &VmaNeedsCopy::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    Bool opening = true;
    for (const auto& pending : inv.pending.slot) opening = opening && pending;
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::fork), Verdict::not_in_flight)
        .end_if("not_opening", !opening, Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .end_if("pte_not_none", !is_hole<D>(s.pte.at(inv.mm, vpn)), Verdict::pte_not_none)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
    if (does("uncover"))
      s.invalidation.update(
          [&](Invalidation<D>& inv) { inv.covers.update([](Bool& c) { c = false; }, vpn); }, slot);
  }
};

}  // namespace hmm
