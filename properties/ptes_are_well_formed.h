#pragma once
#include "properties/property.h"

namespace hmm {

// What the kernel gets from types and page table layout: without it the induction would start from
// states that no encoding can express.
struct PtesAreWellFormed {
  static constexpr const char* name = "ptes_are_well_formed";
  static constexpr const char* says = "each entry names the memory that its vma and its kind have";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    migration_entry_names_a_page,
    device_exclusive_entry_names_a_page,
    device_exclusive_entry_names_what_the_cpu_reaches,
    entry_of_a_file_is_present_or_migrates,
    entry_of_a_file_names_its_page,
    private_entry_names_no_cached_page,
    entry_is_of_a_vma,
    writable_vma_is_readable,
    empty_entry_has_no_store
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      memory(s, pte, mm, vpn, claim);
      mapping(s, pte, mm, vpn, claim);
    });
  }

 private:
  // Which frames it may name.
  template <class D, class Visit>
  static void memory(const State<D>& s, const Pte<D>& pte, unsigned mm, unsigned vpn,
                     const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("pte", mm, vpn), there = row("page", pte.pfn);
    const auto migration = is<D>(pte.kind, PteKind::migration);
    const auto exclusive = is<D>(pte.kind, PteKind::device_exclusive);
    const auto device_private = is_device_private_page<D>(pte.pfn);
    claim(Claim::migration_entry_names_a_page, migration, pte.pfn != Num(0), here);
    claim(Claim::device_exclusive_entry_names_a_page, exclusive, pte.pfn != Num(0), here);
    claim(Claim::device_exclusive_entry_names_what_the_cpu_reaches, exclusive, !device_private,
          here, there);
  }

  // What it is an entry of.
  template <class D, class Visit>
  static void mapping(const State<D>& s, const Pte<D>& pte, unsigned mm, unsigned vpn,
                      const Visit& claim) {
    using Num = typename D::Num;
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
    claim(Claim::writable_vma_is_readable, vma.write, vma.read, area);
    claim(Claim::empty_entry_has_no_store, none, s.ghost.at(mm, vpn).value == Num(0), here,
          row("ghost", mm, vpn));
  }
};

}  // namespace hmm
