#pragma once
#include "properties/property.h"

namespace hmm {

// Free frames are interchangeable; a mapped frame is anonymous or in the page cache, and a
// pin is only ever taken on an anonymous page if that is exclusive.
struct PagesAreWellFormed {
  static constexpr const char* name = "pages_are_well_formed";
  static constexpr const char* says =
      "a free page is blank; a page in use has the state its users left it in";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    free_page_is_blank,
    mapped_page_is_anonymous_or_cached,
    anonymous_page_is_not_cached,
    exclusive_page_is_anonymous,
    exclusive_page_is_mapped_once_at_most,
    pinned_anonymous_page_is_exclusive,
    page_counts_its_gets,
    page_counts_its_pins,
    free_hold_is_blank,
    page_held_for_writing_is_of_one_address
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      const auto here = row("page", pfn);
      const auto cached = is_cached<D>(s, pfn);
      claim(Claim::free_page_is_blank, page.refcount == Num(0), is_blank(page), here);
      claim(Claim::mapped_page_is_anonymous_or_cached, page.mapcount != Num(0), page.anon || cached,
            here);
      claim(Claim::anonymous_page_is_not_cached, page.anon, !cached, here);
      claim(Claim::exclusive_page_is_anonymous, page.anon_exclusive, page.anon, here);
      claim(Claim::exclusive_page_is_mapped_once_at_most, page.anon_exclusive,
            page.mapcount < Num(2), here);
      claim(Claim::pinned_anonymous_page_is_exclusive, page.pins != Num(0) && page.anon,
            page.anon_exclusive, here);
      Num gets(0), pins(0);
      for_each_row(s.gup, [&](const auto& hold, unsigned) {
        gets = gets + to_num(hold.pfn == Num(pfn) && !hold.pin);
        pins = pins + to_num(hold.pfn == Num(pfn) && hold.pin);
      });
      claim(Claim::page_counts_its_gets, gets != Num(0), !(page.gets < gets), here);
      claim(Claim::page_counts_its_pins, pins != Num(0), !(page.pins < pins), here);
    });
    for_each_row(s.gup, [&](const auto& hold, unsigned slot) {
      claim(Claim::free_hold_is_blank, hold.pfn == Num(0), is_blank(hold), row("gup", slot));
      if (k.anon_exclusive)
        claim(Claim::page_held_for_writing_is_of_one_address,
              hold.pfn != Num(0) && hold.write && !is_cached<D>(s, hold.pfn),
              is_owning<D>(s, s.pte.at(hold.mm, hold.vpn)), row("gup", slot),
              row("pte", hold.mm, hold.vpn), row("page", hold.pfn));
    });
  }
};

}  // namespace hmm
