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
  enum class Claim { nobody_got_a_device_private_page, nobody_pinned_a_device_private_page };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.page, [&](const auto& page, unsigned pfn) {
      const auto is_private = is_device_private_page<D>(pfn);
      claim(Claim::nobody_got_a_device_private_page, is_private, page.gets == Num(0),
            row("page", pfn));
      claim(Claim::nobody_pinned_a_device_private_page, is_private, page.pins == Num(0),
            row("page", pfn));
    });
  }
};

}  // namespace hmm
