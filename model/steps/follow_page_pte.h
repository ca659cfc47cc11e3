#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// get_user_pages() or pin_user_pages() takes a reference on the page a pte maps.
//
// Kernel: mm/gup.c follow_page_pte(), gup_must_unshare(), try_grab_folio(): one step, under the pte
// lock. A device private entry is no page to it: it faults, which brings the page home.
// Simplified: FOLL_PIN counts one reference, not GUP_PIN_COUNTING_BIAS; the zero page is not held.
template <class D>
struct FollowPagePte {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "follow_page_pte";
  static constexpr std::array verdicts{
      Verdict::ok,          Verdict::not_alive,    Verdict::mmap_lock_wait,
      Verdict::needs_fault, Verdict::must_unshare, Verdict::scope_limit};

  Num mm{};
  Num vpn{};
  Bool write{};  // FOLL_WRITE
  Bool pin{};    // FOLL_PIN, else FOLL_GET

  static constexpr Gate gate{&Scope::holds};
  static constexpr auto fields() {
    return Fields{field("mm", &FollowPagePte::mm, sort::mm),
                  field("vpn", &FollowPagePte::vpn, sort::vpn),
                  field("write", &FollowPagePte::write), field("pin", &FollowPagePte::pin)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto pte = s.pte.at(mm, vpn);
    const auto page = s.page.at(pte.pfn);
    // A kernel that takes a device private entry's page for one that is there.
    Bool taken = false;
    if (!k.gup_skips_private) taken = is<D>(pte.kind, PteKind::device_private);
    Num held(0);
    for (const auto& p : s.page.slot) held = held + p.gets + p.pins;
    return Guards<D>(k, name)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_write_locked<D>(s, mm), Verdict::mmap_lock_wait)
        .end_if("not_present", !is<D>(pte.kind, PteKind::present) && !taken, Verdict::needs_fault)
        .end_if("protnone", !pte.read && !taken, Verdict::needs_fault)
        .end_if("zero_page", is_zero_pfn<D>(pte.pfn), Verdict::needs_fault)
        .end_if("read_only", write && !pte.write, Verdict::needs_fault)
        .end_if("must_unshare", pin && page.anon && !page.anon_exclusive, Verdict::must_unshare)
        .end_if("scope_limit", !(held < Num(D::scope.holds)), Verdict::scope_limit)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Num pfn = s.pte.at(mm, vpn).pfn;
    // check_vma_flags(); what mprotect has not come to may still be read.
    s.oops.forbidden =
        s.oops.forbidden || (!s.vma.at(mm, vpn).read && !mmap_write_locked<D>(s, mm));
    if (does("get_page")) get_page<D>(s, pfn);
    if (does("hold"))
      s.page.update(
          [&](Page<D>& p) {
            p.pins = p.pins + to_num(pin);
            p.gets = p.gets + to_num(!pin);
          },
          pfn);
    // There are as many rows as there can be holds.
    change_first_hold<D>(
        s, [](const Gup<D>& h) { return h.pfn == Num(0); },
        [&](Gup<D>& h) {
          h.mm = mm;
          h.vpn = vpn;
          h.pfn = pfn;
          h.pin = pin;
          h.write = write;
        });
  }
};

}  // namespace hmm
