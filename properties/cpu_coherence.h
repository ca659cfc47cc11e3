#pragma once
#include "properties/property.h"

namespace hmm {

// Wherever a page stands, it holds what was last stored to it: behind a present or device private
// entry, and behind a migration entry in the source and, once copied, in the destination; so does
// the page cache. A page with nothing behind it reads as zero.
//
// Kernel: the promise of Documentation/mm/hmm.rst, "migration to and from device memory".
struct CpuCoherence {
  static constexpr const char* name = "cpu_coherence";
  static constexpr const char* says = "every load by the CPU returns the last store by anybody";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_pte<D>([&](const Num& mm, const Num& vpn) {
      const auto pte = s.pte.at(mm, vpn);
      const auto value = last_store<D>(s, mm, vpn);
      const auto to_fault = is<D>(pte.kind, PteKind::none) && is_shared<D>(s.vma.at(mm, vpn));
      all = all && implies(!to_fault, s.page.at(pte.pfn).contents == value);
      for (const auto& e : s.migrate_entry.slot)
        all = all &&
              implies(migrates<D>(pte, e.src) && e.has_dst, s.page.at(e.dst).contents == value);
    });
    for (const auto& c : s.cached.slot) all = all && s.page.at(c.pfn).contents == c.value;
    return all;
  }
};

}  // namespace hmm
