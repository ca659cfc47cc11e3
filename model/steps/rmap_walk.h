#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// Whoever unmaps a page everywhere comes by a vma that may map it and does not: the devices are
// told before the pte is looked at.
//
// Kernel: mm/rmap.c rmap_walk_anon(), rmap_walk_file(), up to folio_not_mapped();
// try_to_migrate_one() and page_make_device_exclusive_one() where page_vma_mapped_walk() finds
// nothing. The page is locked throughout.
// Simplified: the state has neither which vmas are linked to the page's anon_vma or file, nor their
// order in its interval tree. Any vma may be come by, or not, before those that map the page.
template <class D>
struct RmapWalk {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "rmap_walk";
  static constexpr Gate gate{&Scope::mms, 1};
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::no_vma,
                                       Verdict::still_mapped};

  Num pfn{};
  Num mm{};
  Num vpn{};

  static constexpr auto fields() {
    return Fields{field("pfn", &RmapWalk::pfn, sort::pfn), field("mm", &RmapWalk::mm, sort::mm),
                  field("vpn", &RmapWalk::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool walks = false;
    for (const auto& entry : s.migrate_entry.slot)
      walks = walks || (is<D>(entry.stage, EntryStage::collected) && entry.src == pfn);
    // make_device_exclusive() has one pte.
    if (!k.exclusive_keeps_rmap)
      for (const auto& f : s.device_fault.slot) walks = walks || excludes_page(f);
    return Guards<D>(k, name)
        .end_if("not_walked", !walks || s.page.at(pfn).mapcount == Num(0), Verdict::not_in_flight)
        .end_if("no_vma", !s.vma.at(mm, vpn).mapped, Verdict::no_vma)
        .end_if("mapped_here", is_mapping<D>(k, s.pte.at(mm, vpn), pfn), Verdict::still_mapped)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    std::array<Bool, D::scope.devices> own_exclusive{};
    for (unsigned d = 0; d < D::scope.devices; ++d)
      for (const auto& f : s.device_fault.slot)
        own_exclusive[d] = own_exclusive[d] || (excludes_page(f) && f.device == Num(d));
    tell<D>(does, k, s, mm, vpn, own_exclusive);
  }

 private:
  Bool excludes_page(const DeviceFault<D>& f) const {
    return is<D>(f.stage, DeviceFaultStage::excluding) && f.pfn == pfn;
  }
};

}  // namespace hmm
