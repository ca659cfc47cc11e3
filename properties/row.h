#pragma once
#include <array>
#include <cstddef>

namespace hmm {

// A row of the state: its table's number in State::fields(), and its index. Which row it is, is
// known in Concrete only; in the other domains nobody asks, and an index that is a value of the
// domain reads as 0. A row that a field names may be no row, such as page 0.
struct Row {
  std::size_t table = 0;
  std::size_t indexes = 0;
  std::array<unsigned, 3> index{};
  friend constexpr bool operator==(const Row&, const Row&) = default;
};

}  // namespace hmm
