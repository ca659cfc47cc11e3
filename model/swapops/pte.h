#pragma once
#include <algorithm>

#include "model/swapops/entry.h"

// The x86-64 page table form of a swap entry, and the bits around it.
// Kernel: arch/x86/include/asm/pgtable_64.h, pgtable.h, pgtable_types.h, pgtable-invert.h.
namespace hmm {

template <class D>
struct pte_t {
  typename D::Word pte{};
};

inline constexpr std::uint64_t _PAGE_PRESENT = 1u << 0;
inline constexpr std::uint64_t _PAGE_RW = 1u << 1;
inline constexpr std::uint64_t _PAGE_USER = 1u << 2;
inline constexpr std::uint64_t _PAGE_PWT = 1u << 3;
inline constexpr std::uint64_t _PAGE_ACCESSED = 1u << 5;
inline constexpr std::uint64_t _PAGE_DIRTY = 1u << 6;
inline constexpr std::uint64_t _PAGE_PSE = 1u << 7;
inline constexpr std::uint64_t _PAGE_PROTNONE = 1u << 8;
// Bits a CPU erratum may set in a pte that is not present, so nothing may be kept in them.
inline constexpr std::uint64_t _PAGE_KNL_ERRATUM_MASK = _PAGE_ACCESSED | _PAGE_DIRTY;
inline constexpr unsigned PAGE_SHIFT = 12;
inline constexpr std::uint64_t PTE_PFN_MASK = low_bits(52) & ~low_bits(PAGE_SHIFT);

// Where things are in a pte that is not present. A flag the kernel lacks has mask 0, as its
// _PAGE_SWP_* has when the option is off.
struct PteLayout {
  unsigned type_first_bit;
  unsigned offset_first_bit;
  bool invert_offset;
  std::uint64_t soft_dirty, uffd_wp, exclusive;

  friend constexpr bool operator==(const PteLayout&, const PteLayout&) = default;
};
inline constexpr unsigned SWP_TYPE_BITS = 5;
inline constexpr unsigned kPteOffsetBits = 50;  // 9 low bits and the type are taken

constexpr PteLayout pte_layout(const SwapConfig& c) {
  // The type sits just above _PAGE_PROTNONE, the offset above the type. 4.14 moved soft-dirty out
  // of _PAGE_PSE, which pmd_present() looks at. Kernel: pgtable_types.h _PAGE_SWP_SOFT_DIRTY.
  if (!inverts_offset(c)) {
    return {9, 14, false, c.kernel == SwapKernel::v16 ? _PAGE_PSE : _PAGE_RW, 0, 0};
  }
  // The type sits on top, so that the inverted offset reaches over every physical address bit.
  if (!is_v6(c)) return {59, 9, true, _PAGE_RW, 0, 0};
  return {59, 9, true, _PAGE_RW, _PAGE_USER, _PAGE_PWT};
}

// A config and the layout its kernel uses. They are apart so that a wrong layout can be tried.
struct SwapEncoding {
  SwapConfig config;
  PteLayout pte;
  constexpr SwapEncoding(const SwapConfig& c) : config(c), pte(pte_layout(c)) {}
  constexpr SwapEncoding(const SwapConfig& c, const PteLayout& p) : config(c), pte(p) {}
};

template <class D>
constexpr typename D::Bool any_bit(const typename D::Word& word, std::uint64_t mask) {
  return !((word & typename D::Word(mask)) == typename D::Word(0));
}

// Kernel: arch/x86/include/asm/pgtable.h pte_present().
template <class D>
constexpr typename D::Bool pte_present(const pte_t<D>& pte) {
  return any_bit<D>(pte.pte, _PAGE_PRESENT | _PAGE_PROTNONE);
}
// Kernel: arch/x86/include/asm/pgtable.h pmd_present(). A huge page being split has _PAGE_PSE only.
template <class D>
constexpr typename D::Bool pmd_present(const pte_t<D>& pmd) {
  return any_bit<D>(pmd.pte, _PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE);
}
// Kernel: arch/x86/include/asm/pgtable.h pte_none().
template <class D>
constexpr typename D::Bool pte_none(const pte_t<D>& pte) {
  return !any_bit<D>(pte.pte, ~_PAGE_KNL_ERRATUM_MASK);
}
// Kernel: include/linux/swapops.h is_swap_pte().
template <class D>
constexpr typename D::Bool is_swap_pte(const pte_t<D>& pte) {
  return !pte_none(pte) && !pte_present(pte);
}

// Kernel: arch/x86/include/asm/pgtable_64.h __swp_entry(), __swp_type(), __swp_offset(). The offset
// is shifted all the way up, which cuts what does not fit, and then down to its place.
template <class D>
constexpr pte_t<D> swp_entry_to_pte(const SwapEncoding& enc, const swp_entry_t<D>& entry) {
  constexpr unsigned up = 64 - kPteOffsetBits;
  const typename D::Word offset = swp_offset(enc.config, entry);
  const typename D::Word field = enc.pte.invert_offset ? ~offset : offset;
  return {((field << up) >> (up - enc.pte.offset_first_bit)) |
          (swp_type(enc.config, entry) << enc.pte.type_first_bit)};
}

// Setting, testing and clearing one software bit of a pte that is not present.
// Kernel: arch/x86/include/asm/pgtable.h pte_swp_mksoft_dirty() and its siblings.
template <class D>
constexpr pte_t<D> pte_swp_set(const pte_t<D>& pte, std::uint64_t flag) {
  return {pte.pte | typename D::Word(flag)};
}
template <class D>
constexpr pte_t<D> pte_swp_clear(const pte_t<D>& pte, std::uint64_t flag) {
  return {pte.pte & typename D::Word(~flag)};
}

template <class D>
constexpr pte_t<D> pte_swp_mksoft_dirty(const SwapEncoding& enc, const pte_t<D>& pte) {
  return pte_swp_set(pte, enc.pte.soft_dirty);
}
template <class D>
constexpr typename D::Bool pte_swp_soft_dirty(const SwapEncoding& enc, const pte_t<D>& pte) {
  return any_bit<D>(pte.pte, enc.pte.soft_dirty);
}
template <class D>
constexpr pte_t<D> pte_swp_clear_soft_dirty(const SwapEncoding& enc, const pte_t<D>& pte) {
  return pte_swp_clear(pte, enc.pte.soft_dirty);
}
template <class D>
constexpr pte_t<D> pte_swp_mkuffd_wp(const SwapEncoding& enc, const pte_t<D>& pte) {
  return pte_swp_set(pte, enc.pte.uffd_wp);
}
template <class D>
constexpr typename D::Bool pte_swp_uffd_wp(const SwapEncoding& enc, const pte_t<D>& pte) {
  return any_bit<D>(pte.pte, enc.pte.uffd_wp);
}
template <class D>
constexpr pte_t<D> pte_swp_clear_uffd_wp(const SwapEncoding& enc, const pte_t<D>& pte) {
  return pte_swp_clear(pte, enc.pte.uffd_wp);
}
template <class D>
constexpr pte_t<D> pte_swp_mkexclusive(const SwapEncoding& enc, const pte_t<D>& pte) {
  return pte_swp_set(pte, enc.pte.exclusive);
}
template <class D>
constexpr typename D::Bool pte_swp_exclusive(const SwapEncoding& enc, const pte_t<D>& pte) {
  return any_bit<D>(pte.pte, enc.pte.exclusive);
}
template <class D>
constexpr pte_t<D> pte_swp_clear_exclusive(const SwapEncoding& enc, const pte_t<D>& pte) {
  return pte_swp_clear(pte, enc.pte.exclusive);
}

// Kernel: include/linux/swapops.h pte_to_swp_entry(). 6.1 clears all three flags first in
// pte_swp_clear_flags(), 4.14 soft-dirty, the only one it has.
template <class D>
constexpr swp_entry_t<D> pte_to_swp_entry(const SwapEncoding& enc, const pte_t<D>& pte) {
  using Word = typename D::Word;
  constexpr unsigned up = 64 - kPteOffsetBits;
  const std::uint64_t flags = enc.pte.soft_dirty | enc.pte.uffd_wp | enc.pte.exclusive;
  const Word arch = pte_swp_clear(pte, flags).pte;
  const Word field = enc.pte.invert_offset ? ~arch : arch;
  return swp_entry<D>(enc.config, (arch >> enc.pte.type_first_bit) & Word(low_bits(SWP_TYPE_BITS)),
                      (field << (up - enc.pte.offset_first_bit)) >> up);
}

// A speculative load follows the address bits of a pte that is not present, so those bits must name
// no memory that can be cached. Kernel: arch/x86/include/asm/pgtable-invert.h
// __pte_needs_invert(), protnone_mask().
template <class D>
constexpr typename D::Word protnone_mask(const SwapEncoding& enc, const typename D::Word& val) {
  using Word = typename D::Word;
  if (!enc.pte.invert_offset) return Word(0);
  return ite(any_bit<D>(val, ~std::uint64_t{0}) && !any_bit<D>(val, _PAGE_PRESENT),
             Word(~std::uint64_t{0}), Word(0));
}
// Kernel: arch/x86/include/asm/pgtable.h pfn_pte().
template <class D>
constexpr pte_t<D> pfn_pte(const SwapEncoding& enc, const typename D::Word& pfn,
                           const typename D::Word& pgprot) {
  using Word = typename D::Word;
  return {(((pfn << PAGE_SHIFT) ^ protnone_mask<D>(enc, pgprot)) & Word(PTE_PFN_MASK)) | pgprot};
}
// Kernel: arch/x86/include/asm/pgtable.h pte_pfn().
template <class D>
constexpr typename D::Word pte_pfn(const SwapEncoding& enc, const pte_t<D>& pte) {
  const typename D::Word val = pte.pte ^ protnone_mask<D>(enc, pte.pte);
  return (val & typename D::Word(PTE_PFN_MASK)) >> PAGE_SHIFT;
}

// Half of what the CPU's caches can name. Kernel: arch/x86/include/asm/processor.h
// l1tf_pfn_limit().
constexpr std::uint64_t l1tf_pfn_limit(unsigned cache_bits) {
  return std::uint64_t{1} << (cache_bits - 1 - PAGE_SHIFT);
}
// The same in swap offsets: in the inverted layout they begin three bits below the page frame
// number, so eight times as many.
constexpr std::uint64_t l1tf_offset_limit(const SwapEncoding& enc, unsigned cache_bits) {
  return std::uint64_t{1} << (cache_bits - 1 - enc.pte.offset_first_bit);
}
// Kernel: mm/swapfile.c generic_max_swapfile_size(): what is left of the widest offset.
constexpr std::uint64_t generic_max_swapfile_size(const SwapEncoding& enc) {
  using D = Concrete<Scope{}>;
  const auto widest = swp_entry<D>(enc.config, 0, ~std::uint64_t{0});
  return swp_offset(enc.config, pte_to_swp_entry(enc, swp_entry_to_pte(enc, widest))) + 1;
}
// In pages, exclusive. Kernel: arch/x86/mm/init.c arch_max_swapfile_size().
constexpr std::uint64_t arch_max_swapfile_size(const SwapEncoding& enc) {
  const std::uint64_t pages = generic_max_swapfile_size(enc);
  const unsigned cache_bits = enc.config.l1tf_cache_bits;
  return cache_bits == 0 ? pages : std::min(l1tf_offset_limit(enc, cache_bits), pages);
}

}  // namespace hmm
