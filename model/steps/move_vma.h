#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// mremap() moves one page to an address where nothing is: the vma is copied, and the range of the
// old address opened, MMU_NOTIFY_UNMAP, with the mmap lock held for writing to the end.
//
// Kernel: mm/mremap.c mremap_to(), move_vma(), move_page_tables(). What was at the new address has
// been unmapped, and the old vma goes at the end (range_end); the notifier runs for that again, and
// finds nothing.
template <class D>
struct MoveVma {
  using Num = typename D::Num;
  static constexpr const char* name = "move_vma";
  static constexpr std::array verdicts{Verdict::ok,        Verdict::slot_busy,
                                       Verdict::not_alive, Verdict::mmap_lock_wait,
                                       Verdict::no_vma,    Verdict::vma_exists};

  Num slot{};
  Num mm{};
  Num from{};
  Num to{};

  static constexpr Gate gate{&Scope::vpns, 1};
  static constexpr auto fields() {
    return Fields{field("slot", &MoveVma::slot, sort::invalidation),
                  field("mm", &MoveVma::mm, sort::mm), field("from", &MoveVma::from, sort::vpn),
                  field("to", &MoveVma::to, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_lock", vma_read_locked<D>(k, s, mm, from, from), Verdict::mmap_lock_wait)
        .end_if("no_vma", !s.vma.at(mm, from).mapped, Verdict::no_vma)
        .end_if("vma_exists", s.vma.at(mm, to).mapped, Verdict::vma_exists)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    open_range<D>(does, s, slot, RangeOp::mremap, mm, from, from);
    if (does("to")) s.invalidation.update([&](Invalidation<D>& inv) { inv.to = to; }, slot);
    if (does("copy_vma")) s.vma.set(s.vma.at(mm, from), mm, to);
  }
};

}  // namespace hmm
