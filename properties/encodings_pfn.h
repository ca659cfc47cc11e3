#pragma once
#include "properties/encodings.h"

// What must be true of pfn entries, of L1TF, and of the type codes.
namespace hmm {

// A pfn put into an entry comes out, whatever A/D bits were put on top, through a pte as well.
struct SwpOffsetPfnGivesPfn {
  static constexpr std::string_view name = "swp_offset_pfn_gives_pfn";
  static bool applies(const SwapEncoding& enc) {
    const SwapConfig& c = enc.config;
    return c.memory_failure || c.migration || c.device_private;
  }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    const auto& pfn = x.offset;
    const auto entry = swp_entry<D>(c, x.type, pfn);
    const auto is_pfn =
        is_pfn_swap_entry(c, entry) && x.type < Word(kSwapTypes) && !(Word(SWP_PFN_MASK(c)) < pfn);
    const auto through_pte = pte_to_swp_entry(enc, swp_entry_to_pte(enc, entry));
    Claims<D> out{{"an entry gives back its pfn", is_pfn, swp_offset_pfn(c, entry) == pfn},
                  {"a pte gives back its pfn", is_pfn, swp_offset_pfn(c, through_pte) == pfn}};
    // With CONFIG_MIGRATION off, no entry is a migration entry.
    if (c.migration) migration_claims(out, enc, entry, is_pfn && is_migration_entry(c, entry), pfn);
    return out;
  }

 private:
  template <class D>
  static void migration_claims(Claims<D>& out, const SwapEncoding& enc, const swp_entry_t<D>& entry,
                               const typename D::Bool& given, const typename D::Word& pfn) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    const auto young = make_migration_entry_young(enc, entry);
    const auto dirty = make_migration_entry_dirty(enc, entry);
    const auto both = make_migration_entry_dirty(enc, young);
    const auto is = [&](const swp_entry_t<D>& e, bool a, bool d) {
      const auto back = pte_to_swp_entry(enc, swp_entry_to_pte(enc, e));
      return same_entry(back, e) && swp_type(c, e) == swp_type(c, entry) &&
             swp_offset_pfn(c, e) == pfn &&
             is_migration_entry_young(enc, e) == typename D::Bool(a) &&
             is_migration_entry_dirty(enc, e) == typename D::Bool(d);
    };
    if (!migration_entry_supports_ad(enc)) {
      out.push_back({"unsupported A/D bits are not kept", given,
                     same_entry(both, entry) && is(entry, false, false)});
      return;
    }
    out.push_back({"A/D bits are kept beside the pfn", given,
                   is(entry, false, false) && is(young, true, false) && is(dirty, false, true) &&
                       is(both, true, true)});
    out.push_back({"A/D bits stay below the largest swap offset", given,
                   swp_offset(c, both) < Word(arch_max_swapfile_size(enc))});
    const auto readable = migration_entry_to_readable(c, both);
    const auto exclusive = migration_entry_to_readable_exclusive(c, both);
    out.push_back({"A/D bits survive the loss of write permission", given,
                   is_readable_migration_entry(c, readable) &&
                       is_readable_exclusive_migration_entry(c, exclusive) &&
                       swp_offset(c, readable) == swp_offset(c, both) &&
                       swp_offset(c, exclusive) == swp_offset(c, both)});
  }
};

// Losing write permission changes a writable entry to the readable one of its kind, same offset.
struct DowngradesKeepOffset {
  static constexpr std::string_view name = "downgrades_keep_offset";
  static bool applies(const SwapEncoding& enc) {
    return enc.config.migration || enc.config.device_private;
  }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    const SwapConfig& c = enc.config;
    const swp_entry_t<D> e{x.value};
    Claims<D> out;
    const auto add = [&](std::string_view name, const typename D::Bool& given,
                         const swp_entry_t<D>& to, const typename D::Bool& kind) {
      out.push_back({name, given, kind && swp_offset(c, to) == swp_offset(c, e)});
    };
    if (c.migration) {
      const auto to = migration_entry_to_readable(c, e);
      add("migration", is_writable_migration_entry(c, e), to, is_readable_migration_entry(c, to));
    }
    if (SWP_MIGRATION_READ_EXCLUSIVE(c)) {
      const auto to = migration_entry_to_readable_exclusive(c, e);
      add("migration, exclusive", is_writable_migration_entry(c, e), to,
          is_readable_exclusive_migration_entry(c, to));
    }
    if (c.device_private) {
      const auto to = device_private_entry_to_readable(c, e);
      add("device private", is_writable_device_private_entry(c, e), to,
          is_device_private_entry(c, to) && !is_writable_device_private_entry(c, to));
    }
    if (SWP_DEVICE_EXCLUSIVE_WRITE(c)) {
      const auto to = device_exclusive_entry_to_readable(c, e);
      add("device exclusive", is_writable_device_exclusive_entry(c, e), to,
          is_device_exclusive_entry(c, to) && !is_writable_device_exclusive_entry(c, to));
    }
    return out;
  }
};

// CVE-2018-3620. On a CPU whose caches name memory with b bits, the address bits b-1 .. 51 of a pte
// that is not present are all ones, if its offset is below l1tf_pfn_limit(b) * 8. So it names no
// memory below half of what the caches can name. Memory above that stays exposed, and
// arch/x86/kernel/cpu/bugs.c l1tf_select_mitigation() warns about it.
struct NonPresentPtesStopL1tf {
  static constexpr std::string_view name = "non_present_ptes_stop_l1tf";
  static bool applies(const SwapEncoding& enc) { return inverts_offset(enc.config); }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    const auto entry_pte = swp_entry_to_pte(enc, swp_entry<D>(c, x.type, x.offset));
    const auto is_type = x.type < Word(kSwapTypes);
    // x.value is any pgprot of a pte that is not present but not empty, as PAGE_NONE is.
    const auto prot_none =
        !any_bit<D>(x.value, PTE_PFN_MASK | _PAGE_PRESENT) && any_bit<D>(x.value, _PAGE_PROTNONE);
    const auto none_pte = pfn_pte<D>(enc, x.offset, x.value);
    Claims<D> out;
    const auto is_high = [](const typename D::Word& pte, unsigned bits) {
      const Word high(low_bits(52) & ~low_bits(bits - 1));
      return (pte & high) == high;
    };
    for (unsigned bits = 36; bits <= 52; ++bits) {
      out.push_back({"a swap entry has high address bits",
                     is_type && x.offset < Word(l1tf_offset_limit(enc, bits)),
                     is_high(entry_pte.pte, bits)});
      out.push_back({"a PROT_NONE pte has high address bits and its pfn",
                     prot_none && x.offset < Word(l1tf_pfn_limit(bits)),
                     is_high(none_pte.pte, bits) && pte_pfn(enc, none_pte) == x.offset});
    }
    if (c.l1tf_cache_bits != 0) {
      out.push_back({"a slot of a swap file has high address bits",
                     is_type && x.offset < Word(arch_max_swapfile_size(enc)),
                     is_high(entry_pte.pte, c.l1tf_cache_bits)});
    }
    return out;
  }
};

// Swap files and special types share the 32 codes, swap files below.
struct MaxSwapfiles {
  static constexpr std::string_view name = "max_swapfiles";
  static bool applies(const SwapEncoding&) { return true; }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    Word used(MAX_SWAPFILES(c));
    typename D::Bool all_above = true, is_special = false;
    for (const auto& special : special_types(c)) {
      if (!special.type) continue;
      const Word code(*special.type);
      used = used + Word(1);
      all_above = all_above && !(code < Word(MAX_SWAPFILES(c))) && code < Word(kSwapTypes);
      is_special = is_special || x.type == code;
    }
    return {{"swap files and special types are 32", true, used == Word(kSwapTypes)},
            {"special types are above the swap files", true, all_above},
            {"a code is a swap file or a special type", x.type < Word(kSwapTypes),
             is_special == !(x.type < Word(MAX_SWAPFILES(c)))}};
  }
};

// non_swap_entry() is true of the special entries and of them alone. It is not in the old kernels
// that have device private memory alone, see classify.h; there the property is not claimed.
struct SpecialEntriesAreNonSwap {
  static constexpr std::string_view name = "special_entries_are_non_swap";
  static bool applies(const SwapEncoding& enc) {
    return !(non_swap_entry_is_constant(enc.config) && enc.config.device_private);
  }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    const swp_entry_t<D> e{x.value};
    typename D::Bool is_special = false;
    for (const auto& special : special_types(c)) {
      is_special = is_special || has_type(c, e, special.type);
    }
    return {{"a special entry is no swap entry, and no other", swp_type(c, e) < Word(kSwapTypes),
             non_swap_entry(c, e) == is_special}};
  }
};

using EncodingProperties =
    std::tuple<SwapEntryRoundtrip, SwapTypesDisjoint, EntriesAreNotPresent, SwapFlagsKeepEntry,
               SwpOffsetPfnGivesPfn, DowngradesKeepOffset, NonPresentPtesStopL1tf, MaxSwapfiles,
               SpecialEntriesAreNonSwap>;

}  // namespace hmm
