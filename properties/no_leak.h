#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c memunmap_pages() waits for ever for a page that leaked.
struct NoLeak {
  static constexpr const char* name = "no_leak";
  static constexpr const char* says =
      "with everything unmapped and nothing in flight, every page is free";
  static constexpr bool is_strengthening = false;
  enum class Claim { page_is_free_once_all_is_quiet };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    const auto quiet = is_quiet(s);
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      claim(Claim::page_is_free_once_all_is_quiet, quiet, page.refcount == Num(0),
            row("page", pfn));
    });
  }

 private:
  template <class D>
  static typename D::Bool is_quiet(const State<D>& s) {
    using Num = typename D::Num;
    typename D::Bool quiet = true;
    for (const auto& pte : s.pte.slot) quiet = quiet && is<D>(pte.kind, PteKind::none);
    for (const auto& c : s.cached.slot) quiet = quiet && c.pfn == Num(0);
    for (const auto& m : s.migration.slot) quiet = quiet && is<D>(m.stage, MigrationStage::idle);
    for (const auto& f : s.cpu_fault.slot) quiet = quiet && is<D>(f.stage, CpuFaultStage::idle);
    for (const auto& f : s.device_fault.slot) quiet = quiet && !is_excluding<D>(f);
    for (const auto& inv : s.invalidation.slot) quiet = quiet && is_op<D>(inv, RangeOp::none);
    for (const auto& page : s.page.slot)
      quiet = quiet && page.gets == Num(0) && page.pins == Num(0);
    return quiet;
  }
};

}  // namespace hmm
