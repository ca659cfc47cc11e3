#pragma once
#include <algorithm>
#include <bit>
#include <cassert>
#include <span>

#include "model/domain/lanes.h"
#include "properties/engines/check_all.h"
#include "properties/engines/pack.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

// States side by side, for judging many of them at once.
namespace hmm {

// One bit per lane.
using LaneSet = std::uint32_t;
static_assert(kLanes == 32);

inline LaneSet lanes_of(LaneBool b) {
#ifdef __AVX2__
  return static_cast<LaneSet>(_mm256_movemask_epi8(reinterpret_cast<__m256i>(b.v)));
#else
  LaneSet set = 0;
  for (unsigned i = 0; i < kLanes; ++i) set |= LaneSet{b.v[i] & 1u} << i;
  return set;
#endif
}

// The first `count` lanes.
constexpr LaneSet first_lanes(std::size_t count) {
  assert(count <= kLanes);
  return static_cast<LaneSet>((std::uint64_t{1} << count) - 1);
}

// Calls note(verdict, lanes) for each verdict that the step gives on some of the lanes and that is
// not in `seen` yet, of one bit each. One that the step does not list is seen as well.
template <class AnyStep, class Note>
void for_each_new_verdict(const std::uint64_t& seen, const AnyStep&, const LaneNum& verdict,
                          LaneSet lanes, Note&& note) {
  LaneBool listed = false;
  for (const Verdict v : AnyStep::verdicts) {
    const auto n = static_cast<unsigned>(v);
    const LaneBool here = verdict == LaneNum(n);
    listed = listed || here;
    if ((seen >> n & 1) == 0)
      if (const LaneSet where = lanes_of(here) & lanes; where != 0) note(n, where);
  }
  for (LaneSet left = ~lanes_of(listed) & lanes; left != 0; left &= left - 1)
    note(unsigned{verdict.v[std::countr_zero(left)]}, left);
}

// Byte i of each of 32 words becomes the i-th vector.
inline void transpose(std::array<LaneBytes, 8>& bytes) {
  // Seen as 256 bytes in a row, each round brings the even ones before the odd ones, which turns
  // the eight bits of a byte's place by one; after three, the number in the word comes first.
  for (int round = 0; round < 3; ++round) {
    std::array<LaneBytes, 8> next;
    for (std::size_t i = 0; i < 4; ++i) {
      const LaneBytes a = bytes[2 * i], b = bytes[2 * i + 1];
      next[i] =
          __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30,
                                  32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62);
      next[i + 4] =
          __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31,
                                  33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63);
    }
    bytes = next;
  }
}

// Up to kLanes states, and what is to be known of each of them. The lanes beyond are as the last.
template <Scope S>
class LaneStates {
  using P = Packing<S>;
  using Wide = State<Lanes<S>>;
  static_assert(sizeof(Wide) == P::leaves * kLanes);

 public:
  // `states` has 1 to kLanes of them.
  explicit LaneStates(std::span<const typename P::Packed> states) {
    assert(!states.empty() && states.size() <= kLanes);
    std::array<std::array<LaneBytes, 8>, P::lanes> rows;
    for (std::size_t i = 0; i < kLanes; ++i) {
      const auto words = P::unpack_words(states[std::min(i, states.size() - 1)]);
      for (std::size_t w = 0; w < P::lanes; ++w)
        std::memcpy(reinterpret_cast<std::uint8_t*>(&rows[w]) + i * 8, &words[w], 8);
    }
    for (auto& row : rows) transpose(row);
    std::size_t i = 0;
    for_each_leaf(
        [&](auto& leaf, const Sort&) {
          const LaneBytes v = rows[i / 8][i % 8];
          if constexpr (std::is_same_v<std::remove_reference_t<decltype(leaf)>, LaneBool>)
            leaf.v = LaneBytes{} - v;
          else
            leaf.v = v;
          ++i;
        },
        states_);
  }

  // The step's verdict on each state.
  template <template <class> class AnyStep>
  [[gnu::noinline, gnu::flatten]] LaneNum check(const Profile& k,
                                                const AnyStep<Concrete<S>>& step) const {
    return lift_record<AnyStep<Lanes<S>>>(step).check(k, states_);
  }

  // The states that have all the wanted properties. Of `used`, counts those at which a claim of
  // theirs is given.
  LaneSet all_hold(const Profile& k, PropertySet wanted, LaneSet used, ClaimCounts& given) const {
    LaneBool all = true;
    for_each_property(wanted, [&]<std::size_t I, class Property>() {
      all = all && judge<Property>(k, used, given.data() + kFirstClaim[I]);
    });
    return lanes_of(all);
  }

 private:
  template <class Property>
  [[gnu::noinline, gnu::flatten]] LaneBool judge(const Profile& k, LaneSet used,
                                                 std::uint64_t* given) const {
    const auto judgement = hmm::judge<Property>(k, states_);
    for (std::size_t c = 0; c < kClaimsOf<Property>; ++c)
      given[c] += static_cast<unsigned>(std::popcount(lanes_of(judgement.given[c]) & used));
    return judgement.holds;
  }

  Wide states_{};
};

}  // namespace hmm
