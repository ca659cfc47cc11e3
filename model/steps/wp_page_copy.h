#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// A write fault on a page others have too, or on the zero page: a copy is made and the notifier
// range for the change of pte is opened.
//
// Kernel: mm/memory.c wp_page_copy() up to mmu_notifier_invalidate_range_start(). The old page is
// held by a reference of its own, so nobody can reuse it meanwhile.
template <class D>
struct WpPageCopy {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "wp_page_copy";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{
      Verdict::ok,        Verdict::not_alive,       Verdict::mmap_lock_wait,
      Verdict::slot_busy, Verdict::no_vma,          Verdict::no_permission,
      Verdict::not_cow,   Verdict::page_not_shared, Verdict::no_free_page};

  Num mm{};
  Num vpn{};
  Num pfn{};  // the page the allocator gives
  Num slot{};

  static constexpr auto fields() {
    return Fields{field("mm", &WpPageCopy::mm, sort::mm), field("vpn", &WpPageCopy::vpn, sort::vpn),
                  field("pfn", &WpPageCopy::pfn, sort::system_pfn),
                  field("slot", &WpPageCopy::slot, sort::invalidation)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    const auto page = s.page.at(pte.pfn);
    const Bool only = is_only_user<D>(k, s, pte.pfn);
    const Bool reusable = page.anon_exclusive ||
                          (k.reuse_counts_mappings ? page.locked || only : only && !page.locked);
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("no_vma", !vma.mapped, Verdict::no_vma)
        .end_if("vm_write", !vma.write, Verdict::no_permission)
        .end_if("not_present", !is<D>(pte.kind, PteKind::present), Verdict::not_cow)
        .end_if("pte_write", pte.write, Verdict::not_cow)
        .end_if("vma_shared", is_shared<D>(vma), Verdict::not_cow)
        .end_if("page_not_shared", !is_zero_pfn<D>(pte.pfn) && reusable, Verdict::page_not_shared)
        .end_if("no_free_page", !is_free<D>(s, pfn), Verdict::no_free_page)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Num old_pfn = s.pte.at(mm, vpn).pfn;
    if (does("alloc_page"))
      alloc_page<D>(s, pfn, does("copy") ? s.page.at(old_pfn).contents : Num(0));
    if (does("get_page")) get_page<D>(s, old_pfn);
    open_range<D>(does, s, slot, RangeOp::wp_copy, mm, vpn, vpn);
    s.invalidation.update(
        [&](Invalidation<D>& inv) {
          if (does("old_page")) inv.old_pfn = old_pfn;
          if (does("new_page")) inv.new_pfn = pfn;
        },
        slot);
  }
};

}  // namespace hmm
