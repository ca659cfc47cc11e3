#pragma once
#include "properties/property.h"

namespace hmm {

// What a slot of swap counts and caches, and who has a dirty entry of what it caches.
struct SwapIsWellFormed {
  static constexpr const char* name = "swap_is_well_formed";
  static constexpr const char* says =
      "a slot of swap counts its entries; its page is anonymous, and dirty where a device may "
      "write";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    slot_counts_its_entries,
    free_slot_is_blank,
    slot_without_a_page_is_not_dirty,
    page_of_a_slot_is_anonymous,
    page_of_a_slot_is_nowhere_to_be_put,
    dirty_entry_shares_no_slot,
    entries_are_dirty_together,
    page_that_a_device_may_write_is_dirty
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.swap_slot, [&](const auto& swap, unsigned slot) {
      const auto here = row("swap_slot", slot);
      Num entries(0);
      for (const auto& pte : s.pte.slot) entries = entries + to_num(is_swap_entry<D>(pte));
      claim(Claim::slot_counts_its_entries, entries != Num(0) || swap.count != Num(0),
            entries == swap.count, here);
      claim(Claim::free_slot_is_blank, swap.count == Num(0) && swap.pfn == Num(0), is_blank(swap),
            here);
      claim(Claim::slot_without_a_page_is_not_dirty, swap.pfn == Num(0), !swap.dirty, here);
      claim(Claim::page_of_a_slot_is_anonymous, swap.pfn != Num(0), s.page.at(swap.pfn).anon, here,
            row("page", swap.pfn));
      nowhere_else(s, swap, slot, claim);
      written(k, s, swap, slot, claim);
    });
  }

 private:
  template <class D, class Visit>
  static void nowhere_else(const State<D>& s, const SwapSlot<D>& swap, unsigned slot,
                           const Visit& claim) {
    for_each_row(s.migrate_entry, [&](const auto& e, unsigned m, unsigned vpn) {
      claim(Claim::page_of_a_slot_is_nowhere_to_be_put, e.has_dst, !caches<D>(swap, e.dst),
            row("swap_slot", slot), row("migrate_entry", m, vpn));
    });
    for_each_row(s.invalidation, [&](const auto& inv, unsigned i) {
      claim(Claim::page_of_a_slot_is_nowhere_to_be_put, is_op<D>(inv, RangeOp::wp_copy),
            !caches<D>(swap, inv.new_pfn), row("swap_slot", slot), row("invalidation", i));
    });
  }

  template <class D, class Visit>
  static void written(const Profile& k, const State<D>& s, const SwapSlot<D>& swap, unsigned slot,
                      const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("swap_slot", slot);
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      const auto dirty = pte.dirty && caches<D>(swap, pte.pfn);
      claim(Claim::dirty_entry_shares_no_slot, dirty, swap.count == Num(0), here,
            row("pte", mm, vpn));
      for_each_row(s.pte, [&](const auto& other, unsigned m, unsigned v) {
        if (m != mm || v != vpn)
          claim(Claim::entries_are_dirty_together,
                dirty && !swap.dirty && caches<D>(swap, other.pfn), other.dirty, here,
                row("pte", mm, vpn), row("pte", m, v));
      });
    });
    if (is_sequenced(k) && k.driver_marks_dirty)
      for_each_row(s.mirror, [&](const auto& m, unsigned device, unsigned mm, unsigned vpn) {
        claim(Claim::page_that_a_device_may_write_is_dirty, m.write && caches<D>(swap, m.pfn),
              swap.dirty, here, row("mirror", device, mm, vpn));
      });
  }
};

}  // namespace hmm
