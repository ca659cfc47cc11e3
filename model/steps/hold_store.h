#pragma once
#include "model/file.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// Whoever holds a page for writing writes to it, as a device does by DMA: past every page table.
//
// Kernel: no code runs; Documentation/core-api/pin_user_pages.rst. Simplified: the page is marked
// dirty at each write, and not when it is given back (mm/gup.c unpin_user_pages_dirty_lock()).
template <class D>
struct HoldStore {
  using Num = typename D::Num;
  static constexpr const char* name = "hold_store";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_held};

  Num slot{};
  Num value{};

  static constexpr Gate gate{&Scope::holds};
  static constexpr auto fields() {
    return Fields{field("slot", &HoldStore::slot, sort::gup),
                  field("value", &HoldStore::value, sort::token)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto hold = s.gup.at(slot);
    return Guards<D>(k, name)
        .end_if("not_held", hold.pfn == Num(0), Verdict::not_held)
        .end_if("read_only", !hold.write, Verdict::not_held)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto hold = s.gup.at(slot);
    if (does("store")) s.page.update([&](Page<D>& p) { p.contents = value; }, hold.pfn);
    if (does("mark_dirty")) mark_dirty<D>(s, hold.pfn, true);
    if (does("ghost")) note_store<D>(s, hold.mm, hold.vpn, value);
  }
};

}  // namespace hmm
