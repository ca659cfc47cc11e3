#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c memunmap_pages() waits for ever for a page that leaked.
struct NoLeak {
  static constexpr const char* name = "no_leak";
  static constexpr const char* says =
      "with everything unmapped and nothing in flight, every page is free";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    Bool quiet = true;
    for (const auto& pte : s.pte.slot) quiet = quiet && is<D>(pte.kind, PteKind::none);
    for (const auto& c : s.cached.slot) quiet = quiet && c.pfn == Num(0);
    for (const auto& m : s.migration.slot) quiet = quiet && is<D>(m.stage, MigrationStage::idle);
    for (const auto& f : s.cpu_fault.slot) quiet = quiet && is<D>(f.stage, CpuFaultStage::idle);
    for (const auto& f : s.device_fault.slot) quiet = quiet && !is_excluding<D>(f);
    for (const auto& inv : s.invalidation.slot) quiet = quiet && is_op<D>(inv, RangeOp::none);
    Bool held = false, all_free = true;
    for (const auto& page : s.page.slot) {
      held = held || page.gets != Num(0) || page.pins != Num(0);
      all_free = all_free && page.refcount == Num(0);
    }
    all = implies(quiet && !held, all_free);
    return all;
  }
};

}  // namespace hmm
