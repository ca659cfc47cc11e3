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
    pinned_anonymous_page_is_exclusive
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
    });
  }
};

}  // namespace hmm
