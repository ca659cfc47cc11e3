#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// fork copies a pinned exclusive page for the child at once: the parent's pin must keep seeing the
// parent's page.
//
// Kernel: mm/memory.c copy_present_page(), called when folio_try_dup_anon_rmap_pte() fails: under
// both pte locks.
template <class D>
struct CopyPresentPage {
  using Num = typename D::Num;
  static constexpr const char* name = "copy_present_page";
  static constexpr std::array verdicts{Verdict::shared,      Verdict::not_in_flight,
                                       Verdict::not_pending, Verdict::page_not_pinned,
                                       Verdict::page_locked, Verdict::no_free_page};

  Num slot{};
  Num vpn{};
  Num pfn{};  // the page the allocator gives

  static constexpr Gate gate{&Scope::mms, 1};
  static constexpr auto fields() {
    return Fields{field("slot", &CopyPresentPage::slot, sort::invalidation),
                  field("vpn", &CopyPresentPage::vpn, sort::vpn),
                  field("pfn", &CopyPresentPage::pfn, sort::system_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    const auto pte = s.pte.at(inv.mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::fork), Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .end_if("page_locked", is_locked_exclusive<D>(s, pte), Verdict::page_locked)
        .end_if("page_not_pinned", !must_copy_for_pin<D>(s, pte), Verdict::page_not_pinned)
        .end_if("no_free_page", !is_free<D>(s, pfn), Verdict::no_free_page)
        .verdict(Verdict::shared);
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto inv = s.invalidation.at(slot);
    const auto vma = s.vma.at(inv.child, vpn);
    if (does("restore_exclusive"))
      when(is<D>(s.pte.at(inv.mm, vpn).kind, PteKind::device_exclusive), s,
           [&](State<D>& t) { restore_exclusive_pte<D>(k, t, inv.mm, vpn); });
    const auto page = s.page.at(s.pte.at(inv.mm, vpn).pfn);
    if (does("alloc_page")) alloc_page<D>(s, pfn, does("copy") ? page.contents : Num(0));
    if (does("add_rmap")) add_new_anon_rmap<D>(k, s, pfn);
    if (does("add_lru")) add_lru<D>(s, pfn);
    if (does("set_pte"))
      s.pte.set(pte_mkdirty<D>(present_pte<D>(pfn, vma.read, vma.write)), inv.child, vpn);
    if (does("ghost")) s.ghost.set(s.ghost.at(inv.mm, vpn), inv.child, vpn);
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
