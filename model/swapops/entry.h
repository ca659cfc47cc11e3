#pragma once
#include "model/domain/concrete.h"
#include "model/swapops/config.h"

// The arch-independent form of a swap entry: a type above an offset in one word.
// Kernel: include/linux/swapops.h.
namespace hmm {

template <class D>
struct swp_entry_t {
  typename D::Word val{};
};

// A word of the low `bits` ones; 64 is all of them.
constexpr std::uint64_t low_bits(unsigned bits) {
  return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

// The page cache keeps these words in its tree beside pointers, shifted up to make room for a mark:
// 4.14 keeps RADIX_TREE_EXCEPTIONAL_SHIFT = 2 bits free, 6.1 BITS_PER_XA_VALUE = 63 leaves one.
constexpr unsigned SWP_TYPE_SHIFT(const SwapConfig& c) {
  constexpr unsigned RADIX_TREE_EXCEPTIONAL_SHIFT = 2;
  constexpr unsigned BITS_PER_XA_VALUE = 63;
  return is_v6(c) ? BITS_PER_XA_VALUE - MAX_SWAPFILES_SHIFT
                  : 64 - (MAX_SWAPFILES_SHIFT + RADIX_TREE_EXCEPTIONAL_SHIFT);
}
constexpr std::uint64_t SWP_OFFSET_MASK(const SwapConfig& c) { return low_bits(SWP_TYPE_SHIFT(c)); }

// Kernel: include/linux/swapops.h swp_entry(). An offset that is too wide is cut; a type that is
// too wide is not.
template <class D>
constexpr swp_entry_t<D> swp_entry(const SwapConfig& c, const typename D::Word& type,
                                   const typename D::Word& offset) {
  using Word = typename D::Word;
  return {(type << SWP_TYPE_SHIFT(c)) | (offset & Word(SWP_OFFSET_MASK(c)))};
}
// Kernel: include/linux/swapops.h swp_type().
template <class D>
constexpr typename D::Word swp_type(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return entry.val >> SWP_TYPE_SHIFT(c);
}
// Kernel: include/linux/swapops.h swp_offset().
template <class D>
constexpr typename D::Word swp_offset(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return entry.val & typename D::Word(SWP_OFFSET_MASK(c));
}

}  // namespace hmm
