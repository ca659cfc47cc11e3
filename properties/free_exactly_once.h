#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c free_zone_device_folio(), mm/page_alloc.c free_pages_prepare().
struct FreeExactlyOnce {
  static constexpr const char* name = "free_exactly_once";
  static constexpr const char* says =
      "a page is freed once, by its last reference, and nobody names it afterwards";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    no_put_without_a_reference,
    no_pte_names_a_free_page,
    no_file_has_a_free_page,
    no_mirror_names_a_free_page,
    no_migration_has_a_free_page,
    no_cpu_fault_has_a_free_page,
    no_device_fault_excludes_a_free_page,
    no_range_holds_a_free_page
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    claim(Claim::no_put_without_a_reference, true, !s.oops.bad_put, row("oops"));
    for_each_row(s.page, [&](const auto&, unsigned pfn) {
      const auto free = is_free<D>(s, pfn);
      const auto page = row("page", pfn);
      for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
        claim(Claim::no_pte_names_a_free_page, free, pte.pfn != pfn, page, row("pte", mm, vpn));
      });
      for_each_row(s.cached, [&](const auto& c, unsigned file, unsigned vpn) {
        claim(Claim::no_file_has_a_free_page, free, c.pfn != pfn, page, row("cached", file, vpn));
      });
      for_each_row(s.mirror, [&](const auto& m, unsigned device, unsigned mm, unsigned vpn) {
        claim(Claim::no_mirror_names_a_free_page, free, m.pfn != pfn, page,
              row("mirror", device, mm, vpn));
      });
      for_each_row(s.migrate_entry, [&](const auto& e, unsigned slot, unsigned vpn) {
        claim(Claim::no_migration_has_a_free_page, free, e.src != pfn && e.dst != pfn, page,
              row("migrate_entry", slot, vpn));
      });
      in_flight(s, pfn, claim);
    });
  }

 private:
  template <class D, class Visit>
  static void in_flight(const State<D>& s, unsigned pfn, const Visit& claim) {
    const auto free = is_free<D>(s, pfn);
    const auto page = row("page", pfn);
    for_each_row(s.cpu_fault, [&](const auto& f, unsigned slot) {
      claim(Claim::no_cpu_fault_has_a_free_page, free, f.pfn != pfn, page, row("cpu_fault", slot));
    });
    for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
      claim(Claim::no_device_fault_excludes_a_free_page, free && is_excluding<D>(f), f.pfn != pfn,
            page, row("device_fault", slot));
    });
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      claim(Claim::no_range_holds_a_free_page, free, inv.old_pfn != pfn && inv.new_pfn != pfn, page,
            row("invalidation", slot));
    });
  }
};

}  // namespace hmm
