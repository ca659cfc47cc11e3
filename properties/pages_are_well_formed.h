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

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_page<D>([&](const Num& pfn) {
      const auto p = s.page.at(pfn);
      const auto used = p.mapcount != Num(0) || p.gets != Num(0) || p.pins != Num(0) || p.locked ||
                        p.lru || p.anon || p.anon_exclusive || p.contents != Num(0);
      all = all && implies(p.refcount == Num(0), !used);
      all = all && implies(p.mapcount != Num(0), p.anon || is_cached<D>(s, pfn));
      all = all && implies(p.anon, !is_cached<D>(s, pfn));
      all = all && implies(p.anon_exclusive, p.anon && p.mapcount < Num(2));
      all = all && implies(p.pins != Num(0) && p.anon, p.anon_exclusive);
    });
    return all;
  }
};

}  // namespace hmm
