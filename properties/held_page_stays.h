#pragma once
#include "properties/property.h"

namespace hmm {

// A page that is held is neither migrated nor, if it is pinned, copied away from under the process,
// so that what a device writes to it by DMA and what the process reads are one. Who has it by
// get_user_pages() alone keeps the old page when the process writes to a copy.
//
// Kernel: Documentation/core-api/pin_user_pages.rst; mm/gup.c gup_must_unshare(), mm/migrate.c
// folio_migrate_mapping(), mm/memory.c copy_present_page().
struct HeldPageStays {
  static constexpr const char* name = "held_page_stays";
  static constexpr const char* says =
      "a page that is held stays where it was taken, and what is written to it is read there";
  static constexpr bool is_strengthening = false;
  enum class Claim { address_names_the_page_taken_there, holder_reads_the_last_store };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.gup, [&](const auto& hold, unsigned slot) {
      const auto held = hold.pfn != Num(0);
      const auto here = row("gup", slot);
      claim(Claim::address_names_the_page_taken_there, held,
            s.pte.at(hold.mm, hold.vpn).pfn == hold.pfn, here, row("pte", hold.mm, hold.vpn));
      claim(Claim::holder_reads_the_last_store, held,
            s.page.at(hold.pfn).contents == last_store<D>(s, hold.mm, hold.vpn), here,
            row("page", hold.pfn), row("ghost", hold.mm, hold.vpn));
    });
  }
};

}  // namespace hmm
