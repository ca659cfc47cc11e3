#pragma once
#include <array>
#include <bit>
#include <span>
#include <string_view>

#include "model/domain/enumerators.h"
#include "model/scope.h"

// What a value names, and when a scope has it. Both stand at the field of a record and at the index
// of a table; whatever prints, parses, packs, renames or enumerates values asks them.
namespace hmm {

enum class Noun { flag, mm, vpn, pfn, device, file, region, token, slot, enumerator, count };

// The enumerators of an enumeration: their names, and when a scope has each. An enumeration that a
// state holds says the latter itself: gate_of(E).
struct Enumeration {
  std::span<const std::string_view> names;
  Gate (*gate)(unsigned value);
  constexpr bool has(unsigned value, const Scope& s) const {
    return value < names.size() && gate(value).is_open(s);
  }
};
template <class E>
concept GatedEnum = std::is_enum_v<E> && requires(E e) {
  { gate_of(e) } -> std::same_as<Gate>;
};
template <GatedEnum E>
inline constexpr Enumeration kEnumeration{kEnumeratorNames<E>,
                                          [](unsigned v) { return gate_of(static_cast<E>(v)); }};

// The values of a sort, at a scope that has it. An object, as g++ 12 takes the address of one for a
// template's argument and that of a function not.
struct Values {
  Range (*at)(const Scope&);
};

// A sort of values. Two that name the same things, though one of only some of them, have the same
// noun and the same `of`.
struct Sort {
  Noun noun = Noun::flag;
  Size of = nullptr;  // how many of the noun there are: tells slots of one table from another's
  const Values* values = nullptr;            // of all nouns but flags and enumerators
  const Enumeration* enumeration = nullptr;  // of Noun::enumerator
  Gate gate{};
  friend constexpr bool operator==(const Sort&, const Sort&) = default;
};

// Whether a run at the scope can come by the enumerator.
constexpr bool has_enumerator(const Sort& sort, unsigned value, const Scope& s) {
  return sort.enumeration == nullptr || value == 0 || sort.enumeration->has(value, s);
}

// The values of a sort at a scope. What the scope has none of stays 0 in a state, where a flag is
// false, and has no value elsewhere.
[[gnu::always_inline]] constexpr Range range_of(const Sort& sort, const Scope& s) {
  const bool open = sort.gate.is_open(s);
  if (sort.noun == Noun::flag) return {0, open ? 2u : 1u};
  if (!open) return {0, 0};
  if (sort.enumeration == nullptr) return sort.values->at(s);
  unsigned last = 0;
  for (unsigned v = 0; v < sort.enumeration->names.size(); ++v)
    if (has_enumerator(sort, v, s)) last = v;
  return {0, last + 1};
}

// Bits that hold every value of the sort, and 0. At least one.
constexpr unsigned width_of(const Sort& sort, const Scope& s) {
  const Range range = range_of(sort, s);
  const unsigned last = range.count == 0 ? 0 : range.last();
  return last == 0 ? 1 : static_cast<unsigned>(std::bit_width(last));
}

}  // namespace hmm
