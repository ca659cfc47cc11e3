#pragma once
#include "properties/property.h"

namespace hmm {

// What the kernel gets from types and page table layout: without it the induction would start from
// states that no encoding can express.
struct PtesAreWellFormed {
  static constexpr const char* name = "ptes_are_well_formed";
  static constexpr const char* says =
      "each entry has the fields of its kind and names the right memory";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    empty_entry_is_blank,
    only_present_entry_is_readable,
    only_present_entry_is_dirty,
    only_migration_entry_is_marked_exclusive,
    entry_marked_exclusive_is_not_writable,
    writable_present_entry_is_readable,
    zero_page_is_not_writable,
    present_entry_names_what_the_cpu_reaches,
    device_private_entry_names_what_it_does_not,
    migration_entry_names_a_page,
    migration_entry_names_no_exclusive_page,
    device_exclusive_entry_names_a_page,
    device_exclusive_entry_names_what_the_cpu_reaches,
    device_exclusive_entry_names_an_anonymous_page,
    entry_of_a_file_is_present_or_migrates,
    entry_of_a_file_names_its_page,
    private_entry_names_no_cached_page,
    entry_is_of_a_vma,
    entry_is_of_an_mm_that_lives_or_is_copied,
    writable_vma_is_readable,
    empty_entry_has_no_store
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      kinds(s, pte, mm, vpn, claim);
      memory(s, pte, mm, vpn, claim);
      mapping(s, pte, mm, vpn, claim);
    });
  }

 private:
  // Which fields an entry of its kind has.
  template <class D, class Visit>
  static void kinds(const State<D>& s, const Pte<D>& pte, unsigned mm, unsigned vpn,
                    const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("pte", mm, vpn);
    const auto present = is<D>(pte.kind, PteKind::present);
    claim(Claim::empty_entry_is_blank, is<D>(pte.kind, PteKind::none), is_blank(pte), here);
    claim(Claim::only_present_entry_is_readable, pte.read, present, here);
    claim(Claim::only_present_entry_is_dirty, pte.dirty, present, here);
    claim(Claim::only_migration_entry_is_marked_exclusive, pte.exclusive,
          is<D>(pte.kind, PteKind::migration), here);
    claim(Claim::entry_marked_exclusive_is_not_writable, pte.exclusive, !pte.write, here);
    // A frame that is migrated without the mmap lock comes back as it was; mprotect is not done.
    claim(Claim::writable_present_entry_is_readable,
          present && pte.write && !is_yet_to_change<D>(s, RangeOp::mprotect, mm, vpn), pte.read,
          here);
    claim(Claim::zero_page_is_not_writable, present && pte.pfn == Num(0), !pte.write, here);
  }

  // Which frames it may name.
  template <class D, class Visit>
  static void memory(const State<D>& s, const Pte<D>& pte, unsigned mm, unsigned vpn,
                     const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("pte", mm, vpn), there = row("page", pte.pfn);
    const auto page = s.page.at(pte.pfn);
    const auto migration = is<D>(pte.kind, PteKind::migration);
    const auto exclusive = is<D>(pte.kind, PteKind::device_exclusive);
    const auto device_private = is_device_private_page<D>(pte.pfn);
    claim(Claim::present_entry_names_what_the_cpu_reaches, is<D>(pte.kind, PteKind::present),
          !device_private, here, there);
    claim(Claim::device_private_entry_names_what_it_does_not,
          is<D>(pte.kind, PteKind::device_private), device_private, here, there);
    claim(Claim::migration_entry_names_a_page, migration, pte.pfn != Num(0), here);
    claim(Claim::migration_entry_names_no_exclusive_page, migration, !page.anon_exclusive, here,
          there);
    claim(Claim::device_exclusive_entry_names_a_page, exclusive, pte.pfn != Num(0), here);
    claim(Claim::device_exclusive_entry_names_what_the_cpu_reaches, exclusive, !device_private,
          here, there);
    claim(Claim::device_exclusive_entry_names_an_anonymous_page, exclusive, page.anon, here, there);
  }

  // What it is an entry of.
  template <class D, class Visit>
  static void mapping(const State<D>& s, const Pte<D>& pte, unsigned mm, unsigned vpn,
                      const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    const auto here = row("pte", mm, vpn), area = row("vma", mm, vpn);
    const auto none = is<D>(pte.kind, PteKind::none);
    const auto vma = s.vma.at(mm, vpn);
    const auto cached = cached_page<D>(s, vma).pfn;
    const auto shared = is_shared<D>(vma);
    claim(Claim::entry_of_a_file_is_present_or_migrates, shared && !none,
          is<D>(pte.kind, PteKind::present) || is<D>(pte.kind, PteKind::migration), here, area);
    claim(Claim::entry_of_a_file_names_its_page, shared && !none,
          pte.pfn == cached && cached != Num(0), here, area);
    claim(Claim::private_entry_names_no_cached_page, !shared && !none, !is_cached<D>(s, pte.pfn),
          here, row("page", pte.pfn));
    claim(Claim::entry_is_of_a_vma, !none, vma.mapped, here, area);
    Bool copied = false;
    for (const auto& inv : s.invalidation.slot)
      copied =
          copied || (is_op<D>(inv, RangeOp::fork) && inv.child == Num(mm) && !inv.todo.at(vpn));
    claim(Claim::entry_is_of_an_mm_that_lives_or_is_copied, !none, s.mm.at(mm).alive || copied,
          here, row("mm", mm));
    claim(Claim::writable_vma_is_readable, vma.write, vma.read, area);
    claim(Claim::empty_entry_has_no_store, none, s.ghost.at(mm, vpn).value == Num(0), here,
          row("ghost", mm, vpn));
  }
};

}  // namespace hmm
