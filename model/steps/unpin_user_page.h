#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A reference of get_user_pages() or pin_user_pages() is given back.
//
// Kernel: mm/gup.c unpin_user_page(), include/linux/mm.h put_page().
template <class D>
struct UnpinUserPage {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "unpin_user_page";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_held};

  Num pfn{};
  Bool pin{};

  static constexpr Gate gate{&Scope::holds};
  static constexpr auto fields() {
    return Fields{field("pfn", &UnpinUserPage::pfn, sort::pfn), field("pin", &UnpinUserPage::pin)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto page = s.page.at(pfn);
    return Guards<D>(k, name)
        .end_if("not_held", ite(pin, page.pins, page.gets) == Num(0), Verdict::not_held)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("release"))
      s.page.update(
          [&](Page<D>& p) {
            p.pins = p.pins - to_num(pin);
            p.gets = p.gets - to_num(!pin);
          },
          pfn);
    if (does("put_page")) put_page<D>(k, s, pfn);
    change_first_hold<D>(
        s, [&](const Gup<D>& h) { return h.pfn == pfn && h.pin == pin; },
        [](Gup<D>& h) { h = Gup<D>{}; });
  }
};

}  // namespace hmm
