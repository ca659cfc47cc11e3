#pragma once
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "model/swapops/migration_ad.h"

// What must be true of every swap entry of every kernel and config.
namespace hmm {

// Arbitrary words: a whole entry or pte, and what an entry is made from.
template <class D>
struct EncodingValues {
  typename D::Word value, type, offset;
};

// `then` wherever `given`. They are apart so that a claim about nothing can be told from a proof.
template <class D>
struct Claim {
  std::string_view name;
  typename D::Bool given, then;
};
template <class D>
using Claims = std::vector<Claim<D>>;

template <class Property, class D>
typename D::Bool holds(const SwapEncoding& enc, const EncodingValues<D>& x) {
  typename D::Bool all = true;
  for (const auto& claim : Property::template claims<D>(enc, x)) {
    all = all && implies(claim.given, claim.then);
  }
  return all;
}

inline constexpr std::uint64_t kSwapTypes = 1u << MAX_SWAPFILES_SHIFT;
inline constexpr std::uint64_t kPteOffsets = std::uint64_t{1} << kPteOffsetBits;

template <class D>
typename D::Bool same_entry(const swp_entry_t<D>& a, const swp_entry_t<D>& b) {
  return a.val == b.val;
}
template <class D>
typename D::Bool is_of(const SwapConfig& c, const swp_entry_t<D>& e, const typename D::Word& type,
                       const typename D::Word& offset) {
  return swp_type(c, e) == type && swp_offset(c, e) == offset;
}

// Packing type and offset loses neither, and unpacking what was packed gives the same word.
struct SwapEntryRoundtrip {
  static constexpr std::string_view name = "swap_entry_roundtrip";
  static bool applies(const SwapEncoding&) { return true; }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    const auto entry = swp_entry<D>(c, x.type, x.offset);
    const swp_entry_t<D> any_entry{x.value};
    const pte_t<D> any_pte{x.value};
    const auto is_type = x.type < Word(kSwapTypes);
    // Nine low bits are not the entry's: present, flags, _PAGE_PROTNONE.
    const auto no_flags = !any_bit<D>(x.value, low_bits(9));
    return {
        {"an entry gives back its type and offset",
         is_type && !(Word(SWP_OFFSET_MASK(c)) < x.offset), is_of(c, entry, x.type, x.offset)},
        {"a word is the entry of its type and offset", swp_type(c, any_entry) < Word(kSwapTypes),
         same_entry(swp_entry<D>(c, swp_type(c, any_entry), swp_offset(c, any_entry)), any_entry)},
        {"a pte gives back its entry", is_type && x.offset < Word(kPteOffsets),
         same_entry(pte_to_swp_entry(enc, swp_entry_to_pte(enc, entry)), entry)},
        {"a pte without flags is the pte of its entry", no_flags,
         swp_entry_to_pte(enc, pte_to_swp_entry(enc, any_pte)).pte == x.value},
        {"a pte holds every offset a swap file can have", true,
         Word(generic_max_swapfile_size(enc)) == Word(kPteOffsets)}};
  }
};

// Every entry is of exactly one kind, and every maker makes its own kind.
struct SwapTypesDisjoint {
  static constexpr std::string_view name = "swap_types_disjoint";
  static bool applies(const SwapEncoding&) { return true; }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    const swp_entry_t<D> e{x.value};
    const std::vector<typename D::Bool> kinds{swp_type(c, e) < Word(MAX_SWAPFILES(c)),
                                              is_hwpoison_entry(c, e),
                                              is_readable_migration_entry(c, e),
                                              is_readable_exclusive_migration_entry(c, e),
                                              is_writable_migration_entry(c, e),
                                              is_device_private_entry(c, e),
                                              is_device_exclusive_entry(c, e),
                                              is_pte_marker_entry(c, e),
                                              is_swapin_error_entry(c, e)};
    typename D::Bool some = false, two = false;
    for (const auto& kind : kinds) {
      two = two || (some && kind);
      some = some || kind;
    }
    Claims<D> out{
        {"an entry has one kind at most", true, !two},
        {"an entry has a kind", swp_type(c, e) < Word(kSwapTypes), some},
        {"writable device entries are device entries", true,
         implies(is_writable_device_private_entry(c, e), is_device_private_entry(c, e)) &&
             implies(is_writable_device_exclusive_entry(c, e), is_device_exclusive_entry(c, e))}};
    maker_claims(out, c, x);
    return out;
  }

 private:
  template <class D>
  static void maker_claims(Claims<D>& out, const SwapConfig& c, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    using E = swp_entry_t<D>;
    const E e{x.value};
    const auto& o = x.offset;
    const auto fits = !(Word(SWP_OFFSET_MASK(c)) < o);
    const auto add = [&](std::string_view name, SwapType type, const E& made, const auto& is_kind) {
      if (type) {
        out.push_back({name, fits, is_kind(made) && swp_offset(c, made) == o});
      } else {
        out.push_back({name, true, !is_kind(e) && made.val == Word(0)});
      }
    };
    add("hwpoison", SWP_HWPOISON(c), make_hwpoison_entry<D>(c, o),
        [&](const E& m) { return is_hwpoison_entry(c, m); });
    add("readable migration", SWP_MIGRATION_READ(c), make_readable_migration_entry<D>(c, o),
        [&](const E& m) { return is_readable_migration_entry(c, m); });
    add("readable exclusive migration", SWP_MIGRATION_READ_EXCLUSIVE(c),
        make_readable_exclusive_migration_entry<D>(c, o),
        [&](const E& m) { return is_readable_exclusive_migration_entry(c, m); });
    add("writable migration", SWP_MIGRATION_WRITE(c), make_writable_migration_entry<D>(c, o),
        [&](const E& m) { return is_writable_migration_entry(c, m); });
    add("readable device private", SWP_DEVICE_READ(c), make_readable_device_private_entry<D>(c, o),
        [&](const E& m) {
          return is_device_private_entry(c, m) && !is_writable_device_private_entry(c, m);
        });
    add("writable device private", SWP_DEVICE_WRITE(c), make_writable_device_private_entry<D>(c, o),
        [&](const E& m) { return is_writable_device_private_entry(c, m); });
    add("readable device exclusive", SWP_DEVICE_EXCLUSIVE_READ(c),
        make_readable_device_exclusive_entry<D>(c, o), [&](const E& m) {
          return is_device_exclusive_entry(c, m) && !is_writable_device_exclusive_entry(c, m);
        });
    add("writable device exclusive", SWP_DEVICE_EXCLUSIVE_WRITE(c),
        make_writable_device_exclusive_entry<D>(c, o),
        [&](const E& m) { return is_writable_device_exclusive_entry(c, m); });
    add("pte marker", SWP_PTE_MARKER(c), make_pte_marker_entry<D>(c, o),
        [&](const E& m) { return is_pte_marker_entry(c, m); });
    add("swapin error", SWP_SWAPIN_ERROR(c), make_swapin_error_entry<D>(c, o),
        [&](const E& m) { return is_swapin_error_entry(c, m); });
  }
};

// A pte that holds an entry is never mistaken for a mapping, nor, with one exception, for nothing.
struct EntriesAreNotPresent {
  static constexpr std::string_view name = "entries_are_not_present";
  static bool applies(const SwapEncoding&) { return true; }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    using Word = typename D::Word;
    const SwapConfig& c = enc.config;
    const auto pte = swp_entry_to_pte(enc, swp_entry<D>(c, x.type, x.offset));
    const auto flagged =
        pte_swp_mkexclusive(enc, pte_swp_mkuffd_wp(enc, pte_swp_mksoft_dirty(enc, pte)));
    const auto encodable = x.type < Word(kSwapTypes) && x.offset < Word(kPteOffsets);
    // One entry of type 0 is the empty pte: in the plain layout that of the swap header, which is
    // never handed out; in the inverted layout that of the last page of the largest swap file.
    const std::uint64_t empty = enc.pte.invert_offset ? kPteOffsets - 1 : 0;
    const auto is_empty = x.type == Word(0) && x.offset == Word(empty);
    Claims<D> out{{"an entry is not present", encodable, !pte_present(pte)},
                  {"an entry with flags is not present", encodable, !pte_present(flagged)},
                  {"only the entry that cannot be is none", encodable, pte_none(pte) == is_empty},
                  {"a slot of a swap file that is not at its ends is a swap pte",
                   encodable && !(x.offset == Word(0)) && !(x.offset == Word(kPteOffsets - 1)),
                   is_swap_pte(pte) && is_swap_pte(flagged)}};
    if (MAX_SWAPFILES(c) < kSwapTypes) {
      out.push_back({"a special entry is a swap pte",
                     encodable && !(x.type < Word(MAX_SWAPFILES(c))),
                     is_swap_pte(pte) && is_swap_pte(flagged)});
    }
    // Entries got into pmds with 4.14, and that is why soft-dirty had to leave _PAGE_PSE.
    if (c.kernel >= SwapKernel::v4_14) {
      out.push_back({"a pmd entry with flags is not present", encodable, !pmd_present(flagged)});
    }
    return out;
  }
};

// The software bits of a pte and the bits an erratum sets are no part of the entry or each other.
struct SwapFlagsKeepEntry {
  static constexpr std::string_view name = "swap_flags_keep_entry";
  static bool applies(const SwapEncoding&) { return true; }

  template <class D>
  static Claims<D> claims(const SwapEncoding& enc, const EncodingValues<D>& x) {
    const std::uint64_t flags[] = {enc.pte.soft_dirty, enc.pte.uffd_wp, enc.pte.exclusive};
    const pte_t<D> pte{x.value};
    const auto entry = pte_to_swp_entry(enc, pte);
    typename D::Bool kept = true, told = true, undone = true, apart = true;
    for (const std::uint64_t flag : flags) {
      const auto set = pte_swp_set(pte, flag), clear = pte_swp_clear(pte, flag);
      kept = kept && same_entry(pte_to_swp_entry(enc, set), entry) &&
             same_entry(pte_to_swp_entry(enc, clear), entry);
      // A kernel without the flag never reads it back.
      told = told && any_bit<D>(set.pte, flag) == typename D::Bool(flag != 0) &&
             !any_bit<D>(clear.pte, flag);
      undone =
          undone && implies(!any_bit<D>(x.value, flag), pte_swp_clear(set, flag).pte == x.value);
      for (const std::uint64_t other : flags) {
        if (other == flag) continue;
        apart = apart && any_bit<D>(set.pte, other) == any_bit<D>(x.value, other) &&
                any_bit<D>(clear.pte, other) == any_bit<D>(x.value, other);
      }
    }
    const pte_t<D> erratum = pte_swp_set(pte, _PAGE_KNL_ERRATUM_MASK);
    // pte_to_swp_entry() clears flags before it looks, so a flag that lies within the entry would
    // escape all of the above but this: the entry must have been whole before the flags came.
    const std::uint64_t all = flags[0] | flags[1] | flags[2] | _PAGE_KNL_ERRATUM_MASK;
    const auto put = swp_entry<D>(enc.config, x.type, x.offset);
    const auto fresh = swp_entry_to_pte(enc, put);
    const auto encodable =
        x.type < typename D::Word(kSwapTypes) && x.offset < typename D::Word(kPteOffsets);
    return {{"a flag does not change the entry", true, kept},
            {"a flag that was set is seen until cleared", true, told},
            {"clearing undoes setting", true, undone},
            {"a flag does not change another", true, apart},
            {"hardware bits do not change the entry or a flag", true,
             same_entry(pte_to_swp_entry(enc, erratum), entry) &&
                 !any_bit<D>(erratum.pte ^ x.value, flags[0] | flags[1] | flags[2])},
            {"a new entry has no flags", encodable, !any_bit<D>(fresh.pte, all)},
            {"a new entry is not changed by flags", encodable,
             same_entry(pte_to_swp_entry(enc, pte_swp_set(fresh, all)), put) &&
                 same_entry(pte_to_swp_entry(enc, pte_swp_clear(fresh, all)), put)}};
  }
};

}  // namespace hmm
