#pragma once
#include <cstdint>

#include "model/scope.h"

namespace hmm {

// A small number of a state: eight bits, which hold every range of every scope.
struct Small {
  std::uint8_t v = 0;
  constexpr Small() = default;
  constexpr Small(unsigned x) : v(static_cast<std::uint8_t>(x)) {}

  friend constexpr Small operator+(Small a, Small b) { return {unsigned{a.v} + b.v}; }
  friend constexpr Small operator-(Small a, Small b) { return {unsigned{a.v} - b.v}; }
  friend constexpr bool operator==(Small a, Small b) { return a.v == b.v; }
  friend constexpr bool operator!=(Small a, Small b) { return a.v != b.v; }
  friend constexpr bool operator<(Small a, Small b) { return a.v < b.v; }
};

// What a leaf of a concrete record holds: a flag as it is, a number as one that any domain can be
// made of. And back, from a number in the leaf's range.
constexpr bool leaf_value(bool leaf) { return leaf; }
constexpr unsigned leaf_value(Small leaf) { return leaf.v; }
constexpr void set_leaf(bool& leaf, unsigned value) { leaf = value != 0; }
constexpr void set_leaf(Small& leaf, unsigned value) { leaf = value; }

// Runs rules on plain integers, at native speed.
template <Scope S>
struct Concrete {
  static constexpr Scope scope = S;
  static constexpr bool selects = false;
  using Bool = bool;
  using Num = Small;
  using Word = std::uint64_t;
};

constexpr bool ite(bool c, bool a, bool b) { return c ? a : b; }
constexpr Small ite(bool c, Small a, Small b) { return c ? a : b; }
constexpr std::uint64_t ite(bool c, std::uint64_t a, std::uint64_t b) { return c ? a : b; }
constexpr bool implies(bool a, bool b) { return !a || b; }
constexpr Small to_num(bool b) { return {b ? 1u : 0u}; }

// Applies `change` to `target` where `c` holds.
template <class T, class Change>
constexpr void when(bool c, T& target, Change&& change) {
  if (c) change(target);
}

}  // namespace hmm
