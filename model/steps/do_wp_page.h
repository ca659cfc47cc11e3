#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// A write fault on a read-only page that nobody else has, or that is shared on purpose: the pte
// becomes writable.
//
// Kernel: mm/memory.c do_wp_page(), wp_can_reuse_anon_folio(), wp_page_shared(),
// wp_page_reuse(). One step: under the
// pte lock, and no notifier runs, since rights only grow.
template <class D>
struct DoWpPage {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "do_wp_page";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{
      Verdict::ok,         Verdict::not_alive,     Verdict::mmap_lock_wait,
      Verdict::no_vma,     Verdict::no_permission, Verdict::not_cow,
      Verdict::page_shared};

  Num mm{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("mm", &DoWpPage::mm, sort::mm), field("vpn", &DoWpPage::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const Filters<D> checks(k, name);
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    const auto page = s.page.at(pte.pfn);
    // The page lock is tried, and the count must be ours alone.
    Bool reusable = !page.locked || Bool(!checks("trylock"));
    if (k.reuse_checks_refcount && checks("refcount"))
      reusable = reusable && is_only_user<D>(k, s, pte.pfn);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("no_vma", !vma.mapped, Verdict::no_vma)
        .end_if("vm_write", !vma.write, Verdict::no_permission)
        .end_if("not_present", !is<D>(pte.kind, PteKind::present), Verdict::not_cow)
        .end_if("pte_write", pte.write, Verdict::not_cow)
        .end_if("zero_page", is_zero_pfn<D>(pte.pfn), Verdict::not_cow)
        .end_if("page_shared", !is_shared<D>(vma) && !page.anon_exclusive && !reusable,
                Verdict::page_shared)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto before = s.page.at(s.pte.at(mm, vpn).pfn);
    if (does("free_swap"))
      when(!before.anon_exclusive, s,
           [&](State<D>& t) { free_swap<D>(k, t, t.pte.at(mm, vpn).pfn); });
    if (k.anon_exclusive && does("anon_exclusive"))
      s.page.update([](Page<D>& p) { p.anon_exclusive = p.anon; }, s.pte.at(mm, vpn).pfn);
    s.pte.update(
        [&](Pte<D>& p) {
          if (does("read")) p.read = true;
          if (does("write")) p.write = true;
          if (does("dirty")) p = pte_mkdirty<D>(p);
        },
        mm, vpn);
  }
};

}  // namespace hmm
