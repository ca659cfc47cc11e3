#pragma once
#include "properties/property.h"

namespace hmm {

// A pin moves the page home first, or fails.
//
// Kernel: mm/gup.c follow_page_pte() sees no page in a device private entry.
struct NoPinnedDevicePage {
  static constexpr const char* name = "no_pinned_device_page";
  static constexpr const char* says =
      "a device private page is never held by get_user_pages or pin_user_pages";
  static constexpr bool is_strengthening = false;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for_each_page<D>([&](const Num& pfn) {
      const auto page = s.page.at(pfn);
      all = all &&
            implies(is_device_private_page<D>(pfn), page.gets == Num(0) && page.pins == Num(0));
    });
    return all;
  }
};

}  // namespace hmm
