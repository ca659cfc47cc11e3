#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A write fault on an empty pte of anonymous memory: a zeroed page.
//
// Kernel: mm/memory.c do_anonymous_page(); the vma's rights are checked before it, in
// arch/x86/mm/fault.c access_error(). One step: the pte is tested and set under the pte lock.
template <class D>
struct DoAnonymousPage {
  using Num = typename D::Num;
  static constexpr const char* name = "do_anonymous_page";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{
      Verdict::ok,          Verdict::not_alive,     Verdict::mmap_lock_wait,
      Verdict::no_vma,      Verdict::no_permission, Verdict::pte_not_none,
      Verdict::no_free_page};

  Num mm{};
  Num vpn{};
  Num pfn{};  // the page the allocator gives

  static constexpr auto fields() {
    return Fields{field("mm", &DoAnonymousPage::mm, sort::mm),
                  field("vpn", &DoAnonymousPage::vpn, sort::vpn),
                  field("pfn", &DoAnonymousPage::pfn, sort::system_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const auto pte = s.pte.at(mm, vpn);
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("no_vma", !vma.mapped, Verdict::no_vma)
        .end_if("vma_shared", is_shared<D>(vma), Verdict::no_vma)
        .end_if("vm_write", !vma.write, Verdict::no_permission)
        .end_if("pte_not_none", !is<D>(pte.kind, PteKind::none), Verdict::pte_not_none)
        .end_if("no_free_page", !is_free<D>(s, pfn), Verdict::no_free_page)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("alloc_page")) alloc_page<D>(s, pfn, Num(0));
    if (does("add_rmap")) add_new_anon_rmap<D>(k, s, pfn);
    if (does("add_lru")) add_lru<D>(s, pfn);
    if (does("set_pte")) s.pte.set(pte_mkdirty<D>(present_pte<D>(pfn, true, true)), mm, vpn);
  }
};

}  // namespace hmm
