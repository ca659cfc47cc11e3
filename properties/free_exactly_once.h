#pragma once
#include <optional>

#include "model/holders.h"
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c free_zone_device_folio(), mm/page_alloc.c free_pages_prepare();
// include/linux/mm.h folio_get() has a VM_BUG_ON_FOLIO() of a page that is free.
struct FreeExactlyOnce {
  static constexpr const char* name = "free_exactly_once";
  static constexpr const char* says =
      "a page is freed once, by its last reference, and nobody names it afterwards";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    no_get_or_put_without_a_reference,
    no_pte_names_a_free_page,
    no_file_has_a_free_page,
    no_slot_of_swap_has_a_free_page,
    no_mirror_names_a_free_page,
    no_device_fault_excludes_a_free_page,
    no_migration_has_a_free_page,
    no_cpu_fault_has_a_free_page,
    no_range_holds_a_free_page
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    claim(Claim::no_get_or_put_without_a_reference, true, !s.oops.bad_ref, row("oops"));
    for_each_row(s.page, [&](const auto&, unsigned pfn) {
      const auto free = is_free<D>(s, pfn);
      for_each_hold<D>(k, s, [&](const Hold<D>& hold) {
        if (const auto about = claim_about(hold.by))
          claim(*about, free, hold.pfn != pfn, row("page", pfn), row_of(hold.by, hold.at));
      });
    });
  }

 private:
  // get_user_pages() names no frame.
  static constexpr std::optional<Claim> claim_about(Holder holder) {
    switch (holder) {
      case Holder::gup:
        return std::nullopt;
      case Holder::pte:
        return Claim::no_pte_names_a_free_page;
      case Holder::page_cache:
        return Claim::no_file_has_a_free_page;
      case Holder::swap_cache:
        return Claim::no_slot_of_swap_has_a_free_page;
      case Holder::mirror:
        return Claim::no_mirror_names_a_free_page;
      case Holder::device_fault:
        return Claim::no_device_fault_excludes_a_free_page;
      case Holder::migration_src:
      case Holder::migration_dst:
        return Claim::no_migration_has_a_free_page;
      case Holder::cpu_fault:
        return Claim::no_cpu_fault_has_a_free_page;
      case Holder::old_page:
      case Holder::new_page:
        return Claim::no_range_holds_a_free_page;
    }
    return std::nullopt;
  }
  static constexpr Row row_of(Holder holder, const std::array<unsigned, 3>& at) {
    switch (holder) {
      case Holder::gup:
        break;
      case Holder::pte:
        return row("pte", at[0], at[1]);
      case Holder::page_cache:
        return row("cached", at[0], at[1]);
      case Holder::swap_cache:
        return row("swap_slot", at[0]);
      case Holder::mirror:
        return row("mirror", at[0], at[1], at[2]);
      case Holder::device_fault:
        return row("device_fault", at[0]);
      case Holder::migration_src:
      case Holder::migration_dst:
        return row("migrate_entry", at[0], at[1]);
      case Holder::cpu_fault:
        return row("cpu_fault", at[0]);
      case Holder::old_page:
      case Holder::new_page:
        return row("invalidation", at[0]);
    }
    return row("page", at[0]);
  }
};

}  // namespace hmm
