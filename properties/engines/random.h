#pragma once
#include <cassert>
#include <cstdint>

namespace hmm {

// splitmix64: small, fast, and the same everywhere, so that a seed names a walk.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15u); }
  // 0 .. count - 1; count is not 0.
  unsigned below(unsigned count) {
    assert(count != 0);
    return static_cast<unsigned>((next() >> 32) * count >> 32);
  }
  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

}  // namespace hmm
