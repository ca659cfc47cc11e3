#pragma once
#include <bit>
#include <cstddef>
#include <vector>

#include "properties/engines/huge_pages.h"

namespace hmm {

// An array that grows at its end in blocks that stay where they are, so that growing copies nothing
// and asks for no more memory than is used.
template <class T>
class Blocks {
  using Block = std::vector<T, HugePages<T>>;
  static constexpr std::size_t kPerBlock = std::bit_ceil(Block::allocator_type::kHuge / sizeof(T));
  std::vector<Block> blocks_;
  std::size_t size_ = 0;

 public:
  std::size_t size() const { return size_; }
  const T& operator[](std::size_t i) const { return blocks_[i / kPerBlock][i % kPerBlock]; }
  void push_back(const T& value) {
    if (size_++ % kPerBlock == 0) blocks_.emplace_back().reserve(kPerBlock);
    blocks_.back().push_back(value);
  }
  auto begin() const { return blocks_.begin(); }
  auto end() const { return blocks_.end(); }
};

}  // namespace hmm
