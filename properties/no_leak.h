#pragma once
#include "model/holders.h"
#include "properties/property.h"

namespace hmm {

// Kernel: mm/memremap.c memunmap_pages() waits for ever for a page that leaked.
struct NoLeak {
  static constexpr const char* name = "no_leak";
  static constexpr const char* says = "once nobody holds a page any more, every page is free";
  static constexpr bool is_strengthening = false;
  enum class Claim { page_is_free_once_nobody_holds_any };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    typename D::Bool quiet = true;
    for_each_hold<D>(k, s, [&](const Hold<D>& hold) {
      quiet = quiet && !(hold.reference && hold.pfn != Num(0));
    });
    for (const auto& page : s.page.slot)
      quiet = quiet && page.gets == Num(0) && page.pins == Num(0);
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      claim(Claim::page_is_free_once_nobody_holds_any, quiet, page.refcount == Num(0),
            row("page", pfn));
    });
  }
};

}  // namespace hmm
