#pragma once
#include "properties/property.h"

namespace hmm {

// Free frames are interchangeable; a mapped frame is anonymous or in the page cache, and counts
// those who got it.
struct PagesAreWellFormed {
  static constexpr const char* name = "pages_are_well_formed";
  static constexpr const char* says =
      "a free page is blank; a page in use has the state its users left it in";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    free_page_is_blank,
    mapped_page_is_anonymous_or_cached,
    anonymous_page_is_not_cached,
    page_counts_its_gets,
    page_counts_its_pins,
    free_hold_is_blank
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
    });
  }
};

}  // namespace hmm
