#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// A page table entry is no longer soft-dirty: a present one, unless it may be pinned, is
// write-protected so that the next write is noticed.
//
// Kernel: fs/proc/task_mmu.c clear_refs_pte_range(), clear_soft_dirty(): one step, under the pte
// lock.
template <class D>
struct ClearRefsPteRange {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "clear_refs_pte_range";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight, Verdict::not_pending};

  Num slot{};
  Num vpn{};

  static constexpr Gate gate{&Scope::soft_dirty_bits};
  static constexpr auto fields() {
    return Fields{field("slot", &ClearRefsPteRange::slot, sort::invalidation),
                  field("vpn", &ClearRefsPteRange::vpn, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto inv = s.invalidation.at(slot);
    return Guards<D>(k, name)
        .end_if("not_in_flight", !is_op<D>(inv, RangeOp::clear_refs), Verdict::not_in_flight)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(vpn), Verdict::not_pending)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const Filters<D> checks(k, name);
    const Num mm = s.invalidation.at(slot).mm;
    const auto pte = s.pte.at(mm, vpn);
    const auto present = is<D>(pte.kind, PteKind::present);
    const auto pinned =
        Bool(checks("pin")) && present && s.page.at(pte.pfn).pins != Num(0);  // pte_is_pinned()
    const auto write_protected = Bool(!k.clear_refs_keeps_swap_write) || present;
    when(!pinned, s, [&](State<D>& t) {
      t.pte.update(
          [&](Pte<D>& p) {
            if (does("clear_soft_dirty")) p.soft_dirty = false;
            if (does("wrprotect")) {
              // As mprotect makes readable entries.
              p.exclusive = p.exclusive || (Bool(k.anon_exclusive) && p.write && write_protected &&
                                            is<D>(p.kind, PteKind::migration));
              p.write = p.write && !write_protected;
            }
          },
          mm, vpn);
      t.ghost.update([](Ghost<D>& g) { g.watch = num<D>(Watch::cleared); }, mm, vpn);
    });
    // What is pinned is not watched: it may be written at any time.
    when(pinned, s, [&](State<D>& t) {
      t.ghost.update([](Ghost<D>& g) { g.watch = num<D>(Watch::none); }, mm, vpn);
    });
    if (does("done")) pte_is_changed<D>(s, slot, vpn);
  }
};

}  // namespace hmm
