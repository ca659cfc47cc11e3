#pragma once
#include "properties/property.h"

namespace hmm {

// What is in a page table has the bits of what it is, and no others: a bit that a present entry
// should not have is another one's name, and one too many in an empty entry makes it something. On
// x86 a swap entry's soft-dirty bit is _PAGE_RW and its exclusive one _PAGE_PWT.
//
// Kernel: include/linux/swapops.h make_readable_exclusive_migration_entry() and its like, one type
// each; arch/x86/include/asm/pgtable.h pte_none(), pte_swp_exclusive(); lib/test_hmm.c
// dmirror_do_update(), whose entries are pages or not there.
struct EntriesHaveTheBitsOfTheirKind {
  static constexpr const char* name = "entries_have_the_bits_of_their_kind";
  static constexpr const char* says =
      "an entry has the bits of its kind only, and names memory that its kind may name";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    empty_entry_is_blank,
    only_present_entry_is_readable,
    only_present_entry_is_dirty,
    only_migration_or_swap_entry_is_marked_exclusive,
    entry_marked_exclusive_is_not_writable,
    swap_entry_is_of_no_page,
    writable_present_entry_is_readable,
    zero_page_is_not_writable,
    present_entry_names_what_the_cpu_reaches,
    device_private_entry_names_what_it_does_not,
    invalid_mirror_is_blank
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      bits(k, s, pte, mm, vpn, claim);
      const auto here = row("pte", mm, vpn), there = row("page", pte.pfn);
      const auto device_private = is_device_private_page<D>(pte.pfn);
      claim(Claim::present_entry_names_what_the_cpu_reaches, is<D>(pte.kind, PteKind::present),
            !device_private, here, there);
      claim(Claim::device_private_entry_names_what_it_does_not,
            is<D>(pte.kind, PteKind::device_private), device_private, here, there);
    });
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      claim(Claim::invalid_mirror_is_blank, !mirror.valid, is_blank(mirror),
            row("mirror", device, mm, vpn));
    });
  }

 private:
  template <class D, class Visit>
  static void bits(const Profile& k, const State<D>& s, const Pte<D>& pte, unsigned mm,
                   unsigned vpn, const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("pte", mm, vpn);
    const auto present = is<D>(pte.kind, PteKind::present);
    claim(Claim::empty_entry_is_blank, is<D>(pte.kind, PteKind::none), is_blank(pte), here);
    claim(Claim::only_present_entry_is_readable, pte.read, present, here);
    claim(Claim::only_present_entry_is_dirty, pte.dirty, present, here);
    const auto swap = is_swap_entry<D>(pte);
    claim(Claim::only_migration_or_swap_entry_is_marked_exclusive, pte.exclusive,
          swap || is<D>(pte.kind, PteKind::migration), here);
    claim(Claim::swap_entry_is_of_no_page, swap, pte.pfn == Num(0) && !pte.write, here);
    // So is a device exclusive one of a kernel that has one kind of them.
    auto marked = pte.exclusive;
    if (k.exclusive_keeps_rmap) marked = marked || is<D>(pte.kind, PteKind::device_exclusive);
    claim(Claim::entry_marked_exclusive_is_not_writable, marked, !pte.write, here);
    // A frame that is migrated without the mmap lock comes back as it was; mprotect is not done.
    claim(Claim::writable_present_entry_is_readable,
          present && pte.write && !is_yet_to_change<D>(s, RangeOp::mprotect, mm, vpn), pte.read,
          here);
    claim(Claim::zero_page_is_not_writable, present && pte.pfn == Num(0), !pte.write, here);
  }
};

}  // namespace hmm
