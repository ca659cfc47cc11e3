#pragma once
#include "properties/property.h"

namespace hmm {

// Wherever a page stands, it holds what was last stored to it: behind a present or device private
// entry, and behind a migration entry in the source and, once copied, in the destination; so does
// the page cache, and the slot of a swap entry or what the swap cache has of it. A page with
// nothing behind it reads as zero.
//
// Kernel: the promise of Documentation/mm/hmm.rst, "migration to and from device memory".
struct CpuCoherence {
  static constexpr const char* name = "cpu_coherence";
  static constexpr const char* says = "every load by the CPU returns the last store by anybody";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    entry_names_the_last_store,
    empty_entry_reads_as_zero,
    copy_has_the_last_store,
    cached_page_has_the_last_store,
    swap_entry_has_the_last_store,
    hole_of_a_file_reads_as_zero
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      const auto value = last_store<D>(s, mm, vpn);
      const auto none = is<D>(pte.kind, PteKind::none);
      const auto swap = is_swap_entry<D>(pte);
      const auto reads = s.page.at(pte.pfn).contents == value;
      for_each_row(s.swap_slot, [&](const auto& slot, unsigned i) {
        const auto has = ite(slot.pfn == Num(0), slot.contents, s.page.at(slot.pfn).contents);
        claim(Claim::swap_entry_has_the_last_store, swap, has == value, row("pte", mm, vpn),
              row("swap_slot", i), row("ghost", mm, vpn));
      });
      claim(Claim::entry_names_the_last_store, !none && !swap, reads, row("pte", mm, vpn),
            row("page", pte.pfn), row("ghost", mm, vpn));
      // A fault finds what a file has.
      claim(Claim::empty_entry_reads_as_zero, none && !is_shared<D>(s.vma.at(mm, vpn)), reads,
            row("pte", mm, vpn), row("ghost", mm, vpn));
      for_each_row(s.migrate_entry, [&](const auto& e, unsigned slot, unsigned page) {
        // A copy that somebody may still write past is not used: migrate_vma_pages() refuses.
        const auto src = s.page.at(e.src);
        const auto unheld = src.gets == Num(0) && src.pins == Num(0);
        claim(Claim::copy_has_the_last_store, migrates<D>(pte, e.src) && e.has_dst && unheld,
              s.page.at(e.dst).contents == value, row("pte", mm, vpn),
              row("migrate_entry", slot, page), row("page", e.dst), row("ghost", mm, vpn));
      });
    });
    for_each_row(s.cached, [&](const auto& c, unsigned file, unsigned vpn) {
      const auto reads = s.page.at(c.pfn).contents == c.value;
      claim(Claim::cached_page_has_the_last_store, c.pfn != Num(0), reads, row("cached", file, vpn),
            row("page", c.pfn));
      claim(Claim::hole_of_a_file_reads_as_zero, c.pfn == Num(0), reads, row("cached", file, vpn));
    });
  }
};

}  // namespace hmm
