#pragma once
#include <cstdint>

#include "model/domain/domain.h"

namespace hmm {

// So many states side by side: one byte of each fills a vector register of x86-64-v3, and elsewhere
// the compiler makes do.
inline constexpr std::size_t kLanes = 32;
using LaneBytes [[gnu::vector_size(kLanes)]] = std::uint8_t;

// A truth value of each state: 0 or 0xff. It has no bool of its own, so a rule cannot branch on it.
struct LaneBool {
  LaneBytes v{};
  LaneBool() = default;
  LaneBool(bool b) : v(LaneBytes{} - static_cast<std::uint8_t>(b)) {}
  explicit LaneBool(LaneBytes x) : v(x) {}
  explicit operator bool() const = delete;

  friend LaneBool operator!(LaneBool a) { return LaneBool(~a.v); }
  friend LaneBool operator&&(LaneBool a, LaneBool b) { return LaneBool(a.v & b.v); }
  friend LaneBool operator||(LaneBool a, LaneBool b) { return LaneBool(a.v | b.v); }
  friend LaneBool operator==(LaneBool a, LaneBool b) { return LaneBool(~(a.v ^ b.v)); }
  friend LaneBool operator!=(LaneBool a, LaneBool b) { return LaneBool(a.v ^ b.v); }
};

// A small number of each state, as Small.
struct LaneNum {
  LaneBytes v{};
  LaneNum() = default;
  LaneNum(unsigned x) : v(LaneBytes{} + static_cast<std::uint8_t>(x)) {}
  explicit LaneNum(LaneBytes x) : v(x) {}

  friend LaneNum operator+(LaneNum a, LaneNum b) { return LaneNum(a.v + b.v); }
  friend LaneNum operator-(LaneNum a, LaneNum b) { return LaneNum(a.v - b.v); }
  friend LaneBool operator==(LaneNum a, LaneNum b) { return truth(a.v == b.v); }
  friend LaneBool operator!=(LaneNum a, LaneNum b) { return truth(a.v != b.v); }
  friend LaneBool operator<(LaneNum a, LaneNum b) { return truth(a.v < b.v); }

 private:
  // Vectors compare to signed bytes.
  template <class V>
  static LaneBool truth(V compared) {
    return LaneBool(reinterpret_cast<LaneBytes>(compared));
  }
};

// Judges kLanes states at once: steps' checks and properties, whose text has no branches. What a
// step does is done state by state, as few of them take any one step.
template <Scope S>
struct Lanes {
  static constexpr Scope scope = S;
  static constexpr bool selects = true;
  using Bool = LaneBool;
  using Num = LaneNum;
};

inline LaneBytes select(LaneBytes c, LaneBytes a, LaneBytes b) { return (a & c) | (b & ~c); }
inline LaneBool ite(LaneBool c, LaneBool a, LaneBool b) { return LaneBool(select(c.v, a.v, b.v)); }
inline LaneNum ite(LaneBool c, LaneNum a, LaneNum b) { return LaneNum(select(c.v, a.v, b.v)); }
inline LaneBool implies(LaneBool a, LaneBool b) { return LaneBool(~a.v | b.v); }
inline LaneNum to_num(LaneBool b) { return LaneNum(b.v & 1); }

static_assert(ValueDomain<Lanes<Scope{}>>);

}  // namespace hmm
