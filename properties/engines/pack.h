#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#ifdef __BMI2__
#include <immintrin.h>
#endif

#include "model/state.h"

namespace hmm {

// The bits of `v` under `mask`, moved next to one another (BMI2 pext), and back (pdep).
[[gnu::always_inline]] inline std::uint64_t extract_bits(std::uint64_t v, std::uint64_t mask) {
#ifdef __BMI2__
  return _pext_u64(v, mask);
#else
  std::uint64_t out = 0;
  unsigned at = 0;
  // A mask that is known when compiling unrolls to a few shifts: its bits come in runs.
  while (mask != 0) {
    const int from = std::countr_zero(mask), run = std::countr_one(mask >> from);
    const std::uint64_t ones = run == 64 ? ~0ull : (1ull << run) - 1;
    out |= (v >> from & ones) << at;
    at += static_cast<unsigned>(run);
    mask &= ~(ones << from);
  }
  return out;
#endif
}
[[gnu::always_inline]] inline std::uint64_t deposit_bits(std::uint64_t v, std::uint64_t mask) {
#ifdef __BMI2__
  return _pdep_u64(v, mask);
#else
  std::uint64_t out = 0;
  while (mask != 0) {
    const int from = std::countr_zero(mask), run = std::countr_one(mask >> from);
    const std::uint64_t ones = run == 64 ? ~0ull : (1ull << run) - 1;
    out |= (v & ones) << from;
    v = run == 64 ? 0 : v >> run;
    mask &= ~(ones << from);
  }
  return out;
#endif
}

// A concrete state in as few bits as its scope needs. Every leaf of a concrete state is one byte
// and nothing lies between them, so a state is packed from its bytes at positions known beforehand.
template <Scope S>
struct Packing {
  using State = hmm::State<Concrete<S>>;
  static constexpr std::size_t leaves = sizeof(State);
  static constexpr std::size_t lanes = (leaves + 7) / 8;

  struct Layout {
    std::array<unsigned, leaves> width{}, at{};
    unsigned bits = 0;
    std::size_t leaves_seen = 0;
  };
  // A table that the scope has no rows for keeps one row of zeros.
  template <class Table>
  static constexpr bool is_blank() {
    if constexpr (is_grid<Table>)
      return Table::has_none;
    else
      return false;
  }
  static constexpr Layout make_layout() {
    State s{};
    Layout made;
    for_each_field<State>([&](const auto& f) {
      // What can only be 0 at this scope takes no bits.
      constexpr bool blank = is_blank<std::remove_cvref_t<decltype(s.*f.at)>>();
      for_each_leaf(
          [&](const auto& leaf, const Sort& sort) {
            static_assert(sizeof(leaf) == 1);
            const Range range = range_of(sort, S);
            const bool zero = blank || range.count == 0 || range.last() == 0;
            made.width[made.leaves_seen] = zero ? 0 : width_of(sort, S);
            made.at[made.leaves_seen] = made.bits;
            made.bits += made.width[made.leaves_seen++];
          },
          s.*f.at);
    });
    return made;
  }
  static constexpr Layout layout = make_layout();
  static_assert(layout.leaves_seen == leaves);
  static constexpr unsigned bits = layout.bits;
  static constexpr std::size_t words = (bits + 63) / 64;
  using Packed = std::array<std::uint64_t, words>;
  using Bytes = std::array<std::uint8_t, leaves>;
  using Lanes = std::array<std::uint64_t, lanes>;

  // Leaf I is byte I % 8 of lane I / 8. The bits that a lane keeps, and where they go: next to one
  // another from `at` on, so that one bit extraction packs eight leaves.
  struct Lane {
    std::uint64_t mask = 0;
    unsigned at = 0, bits = 0;
  };
  static constexpr std::array<Lane, lanes> make_lanes() {
    std::array<Lane, lanes> out{};
    for (std::size_t i = 0; i < leaves; ++i) {
      Lane& lane = out[i / 8];
      if (i % 8 == 0) lane.at = layout.at[i];
      lane.mask |= ((1ull << layout.width[i]) - 1) << i % 8 * 8;
      lane.bits += layout.width[i];
    }
    return out;
  }
  static constexpr std::array<Lane, lanes> lane_layout = make_lanes();

  // Throws std::logic_error if a value does not fit: the scope's bounds would be wrong.
  static Packed pack(const State& s) {
    Packed out;
    if (!pack_if_fits(s, out)) throw std::logic_error("a state does not fit its scope");
    return out;
  }
  // False if a value does not fit, and `out` is then some other state: rules of which one is
  // dropped may count further than the scope does.
  static bool pack_if_fits(const State& s, Packed& out) {
    Lanes in{};
    std::memcpy(in.data(), &s, leaves);
    out = {};
    std::uint64_t over = 0;
    for_each_lane([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr Lane lane = lane_layout[I];
      constexpr unsigned word = lane.at / 64, at = lane.at % 64;
      over |= in[I] & ~lane.mask;
      if constexpr (lane.bits != 0) {
        const std::uint64_t v = extract_bits(in[I], lane.mask);
        out[word] |= v << at;
        if constexpr (at + lane.bits > 64) out[word + 1] |= v >> (64 - at);
      }
    });
    return over == 0;
  }
  // The bytes of the state, eight a word.
  static Lanes unpack_words(const Packed& in) {
    Lanes out{};
    for_each_lane([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr Lane lane = lane_layout[I];
      constexpr unsigned word = lane.at / 64, at = lane.at % 64;
      if constexpr (lane.bits != 0) {
        std::uint64_t v = in[word] >> at;
        if constexpr (at + lane.bits > 64) v |= in[word + 1] << (64 - at);
        out[I] = deposit_bits(v, lane.mask);
      }
    });
    return out;
  }
  static State unpack(const Packed& in) {
    const Lanes unpacked = unpack_words(in);
    Bytes bytes;
    std::memcpy(bytes.data(), unpacked.data(), leaves);
    return std::bit_cast<State>(bytes);
  }

 private:
  template <class Visit>
  [[gnu::always_inline]] static void for_each_lane(Visit&& visit) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit(std::integral_constant<std::size_t, I>{}), ...);
    }
    (std::make_index_sequence<lanes>{});
  }
};

template <std::size_t N>
bool equal_words(const std::array<std::uint64_t, N>& a, const std::array<std::uint64_t, N>& b) {
  std::uint64_t differ = 0;
  for (std::size_t i = 0; i < N; ++i) differ |= a[i] ^ b[i];
  return differ == 0;
}

template <std::size_t N>
std::uint64_t hash_words(const std::array<std::uint64_t, N>& words) {
  std::uint64_t h = 0x9e3779b97f4a7c15u;
  for (const std::uint64_t w : words) {
    h = (h ^ w) * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
  }
  h *= 0xc4ceb9fe1a85ec53u;
  return h ^ (h >> 29);
}

}  // namespace hmm
