#pragma once
#include <z3++.h>

#include <cstdint>
#include <optional>

#include "model/domain/domain.h"

namespace hmm {

// The solver context of this thread. Expressions of different threads do not mix.
z3::context& smt();

// Rules never see z3::expr itself: it converts to bool as "is not null", so an `if` or `?:` on it
// always takes the true branch, and its < and / are signed.
class SymBool {
 public:
  SymBool(bool b = false) : e(smt().bool_val(b)) {}
  explicit SymBool(const z3::expr& x) : e(x) {}
  explicit operator bool() const = delete;

  friend SymBool operator!(const SymBool& a);
  friend SymBool operator&&(const SymBool& a, const SymBool& b);
  friend SymBool operator||(const SymBool& a, const SymBool& b);
  friend SymBool operator==(const SymBool& a, const SymBool& b);
  friend SymBool operator!=(const SymBool& a, const SymBool& b) { return !(a == b); }

  z3::expr e;
};

// A small number as a bit vector that is as wide as its values need. A literal has no width of its
// own; sums widen, so they never wrap, and so do differences, so that one below 0 is beyond every
// range; storing into a state narrows again (symbolic_state.h fit()).
class SymNum {
 public:
  SymNum(unsigned v = 0) : literal(v) {}
  explicit SymNum(const z3::expr& x) : e(x) {}

  unsigned width() const;
  z3::expr at_width(unsigned width) const;
  // A number equal to this one modulo 2^width.
  SymNum narrowed(unsigned width) const;

  friend SymNum operator+(const SymNum& a, const SymNum& b);
  friend SymNum operator-(const SymNum& a, const SymNum& b);
  friend SymBool operator==(const SymNum& a, const SymNum& b);
  friend SymBool operator!=(const SymNum& a, const SymNum& b) { return !(a == b); }
  friend SymBool operator<(const SymNum& a, const SymNum& b);

  std::optional<z3::expr> e;  // empty for a literal
  std::uint64_t literal = 0;
};

// A full machine word: swap entries and page table entries.
class SymWord {
 public:
  SymWord(std::uint64_t v = 0) : e(smt().bv_val(v, 64)) {}
  explicit SymWord(const z3::expr& x) : e(x) {}

  friend SymWord operator+(const SymWord& a, const SymWord& b) { return SymWord(a.e + b.e); }
  friend SymWord operator-(const SymWord& a, const SymWord& b) { return SymWord(a.e - b.e); }
  friend SymWord operator&(const SymWord& a, const SymWord& b) { return SymWord(a.e & b.e); }
  friend SymWord operator|(const SymWord& a, const SymWord& b) { return SymWord(a.e | b.e); }
  friend SymWord operator^(const SymWord& a, const SymWord& b) { return SymWord(a.e ^ b.e); }
  friend SymWord operator~(const SymWord& a) { return SymWord(~a.e); }
  friend SymWord operator<<(const SymWord& a, unsigned n) {
    return SymWord(z3::shl(a.e, static_cast<int>(n)));
  }
  friend SymWord operator>>(const SymWord& a, unsigned n) {
    return SymWord(z3::lshr(a.e, static_cast<int>(n)));
  }
  friend SymBool operator==(const SymWord& a, const SymWord& b) { return SymBool(a.e == b.e); }
  friend SymBool operator!=(const SymWord& a, const SymWord& b) { return SymBool(a.e != b.e); }
  friend SymBool operator<(const SymWord& a, const SymWord& b) {
    return SymBool(z3::ult(a.e, b.e));
  }

  z3::expr e;
};

// Turns rules into formulas: the same text, one bit vector per field.
template <Scope S>
struct Symbolic {
  static constexpr Scope scope = S;
  static constexpr bool selects = true;
  using Bool = SymBool;
  using Num = SymNum;
  using Word = SymWord;
};

SymBool ite(const SymBool& c, const SymBool& a, const SymBool& b);
SymNum ite(const SymBool& c, const SymNum& a, const SymNum& b);
SymWord ite(const SymBool& c, const SymWord& a, const SymWord& b);
SymBool implies(const SymBool& a, const SymBool& b);
SymNum to_num(const SymBool& b);

// The very same formula: not whether the values are.
bool same_formula(const SymBool& a, const SymBool& b);
bool same_formula(const SymNum& a, const SymNum& b);

template <class Leaf>
void merge(const SymBool& c, Leaf& after, const Leaf& before) {
  if constexpr (Record<Leaf>) {
    for_each_leaf([&](auto& a, const auto& b, const Sort&) { merge(c, a, b); }, after, before);
  } else {
    if (!same_formula(after, before)) after = ite(c, after, before);
  }
}

// `target` with `change` applied where `c` holds: both outcomes are built and merged leaf by leaf.
template <class T, class Change>
void when(const SymBool& c, T& target, Change&& change) {
  if (c.e.is_false()) return;
  if (c.e.is_true()) return change(target);
  const T before = target;
  change(target);
  merge(c, target, before);
}

static_assert(WordDomain<Symbolic<Scope{}>>);

}  // namespace hmm
