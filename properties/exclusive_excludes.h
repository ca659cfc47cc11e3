#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/rmap.c make_device_exclusive_range(): "CPU access to the page will revoke the
// exclusive access"; it passes over what is not anonymous.
struct ExclusiveExcludes {
  static constexpr const char* name = "exclusive_excludes";
  static constexpr const char* says =
      "while a device holds a page exclusively, no CPU and no other device reaches it, and only "
      "anonymous memory is held so";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    no_cpu_maps_it,
    no_other_device_maps_it,
    excluded_page_is_anonymous,
    device_exclusive_entry_names_an_anonymous_page,
    restored_page_is_anonymous
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Bool = typename D::Bool;
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      const auto own = row("mirror", device, mm, vpn);
      for_each_row(s.pte, [&](const auto& pte, unsigned m, unsigned v) {
        claim(Claim::no_cpu_maps_it, mirror.exclusive && is<D>(pte.kind, PteKind::present),
              pte.pfn != mirror.pfn, own, row("pte", m, v));
      });
      for_each_row(s.mirror, [&](const auto& other, unsigned d, unsigned m, unsigned v) {
        claim(Claim::no_other_device_maps_it, mirror.exclusive && Bool(d != device),
              !(other.valid && other.pfn == mirror.pfn), own, row("mirror", d, m, v));
      });
    });
    memory(s, claim);
  }

 private:
  template <class D, class Visit>
  static void memory(const State<D>& s, const Visit& claim) {
    for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
      claim(Claim::excluded_page_is_anonymous, is_excluding<D>(f), s.page.at(f.pfn).anon,
            row("device_fault", slot), row("page", f.pfn));
    });
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      claim(Claim::device_exclusive_entry_names_an_anonymous_page,
            is<D>(pte.kind, PteKind::device_exclusive), s.page.at(pte.pfn).anon,
            row("pte", mm, vpn), row("page", pte.pfn));
    });
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      claim(Claim::restored_page_is_anonymous, is_op<D>(inv, RangeOp::restore) && any_of(inv.todo),
            s.page.at(inv.old_pfn).anon, row("invalidation", slot), row("page", inv.old_pfn));
    });
  }
};

}  // namespace hmm
