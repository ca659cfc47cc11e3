#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "model/state.h"

namespace hmm {

// A concrete state in as few bits as its scope needs. Every leaf of a concrete state is one byte
// and nothing lies between them, so a state is packed from its bytes at positions known beforehand.
template <Scope S>
struct Packing {
  using State = hmm::State<Concrete<S>>;
  static constexpr std::size_t leaves = sizeof(State);

  struct Layout {
    std::array<unsigned, leaves> width{}, at{};
    unsigned bits = 0;
    std::size_t leaves_seen = 0;
  };
  static constexpr Layout make_layout() {
    State s{};
    Layout layout;
    for_each_leaf(
        [&](const auto& leaf, Kind kind) {
          static_assert(sizeof(leaf) == 1);
          layout.width[layout.leaves_seen] = width_of(kind, S);
          layout.at[layout.leaves_seen++] = layout.bits;
          layout.bits += width_of(kind, S);
        },
        s);
    return layout;
  }
  static constexpr Layout layout = make_layout();
  static_assert(layout.leaves_seen == leaves);
  static constexpr unsigned bits = layout.bits;
  static constexpr std::size_t words = (bits + 63) / 64;
  using Packed = std::array<std::uint64_t, words>;
  using Bytes = std::array<std::uint8_t, leaves>;
  using Lanes = std::array<std::uint64_t, (leaves + 7) / 8>;

  // Throws std::logic_error if a value does not fit: the scope's bounds would be wrong.
  static Packed pack(const State& s) {
    // Eight leaves at a time: a leaf is masked out of its lane and shifted to its place.
    Lanes lanes{};
    std::memcpy(lanes.data(), &s, leaves);
    Packed out{};
    std::uint64_t over = 0;
    const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>)
        __attribute__((always_inline)) {
      constexpr unsigned width = layout.width[I], word = layout.at[I] / 64, at = layout.at[I] % 64;
      constexpr unsigned from = I % 8 * 8;
      const std::uint64_t v = lanes[I / 8] & ((1ull << width) - 1) << from;
      over |= lanes[I / 8] & (0xffull & ~((1ull << width) - 1)) << from;
      if constexpr (at >= from)
        out[word] |= v << (at - from);
      else
        out[word] |= v >> (from - at);
      if constexpr (at + width > 64) out[word + 1] |= (v >> from) >> (64 - at);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (one(std::integral_constant<std::size_t, I>{}), ...);
    }
    (std::make_index_sequence<leaves>{});
    if (over != 0) throw std::logic_error("a state does not fit its scope");
    return out;
  }
  static State unpack(const Packed& in) {
    Bytes bytes{};
    const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr unsigned width = layout.width[I], word = layout.at[I] / 64, at = layout.at[I] % 64;
      std::uint64_t v = in[word] >> at;
      if constexpr (at + width > 64) v |= in[word + 1] << (64 - at);
      bytes[I] = static_cast<std::uint8_t>(v & ((1u << width) - 1));
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (one(std::integral_constant<std::size_t, I>{}), ...);
    }
    (std::make_index_sequence<leaves>{});
    return std::bit_cast<State>(bytes);
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
