#pragma once
#include "model/swapops/classify.h"

// The pfn in an entry, and the accessed and dirty bits a migration entry carries above it.
// Kernel: include/linux/swapops.h SWP_PFN_BITS, SWP_MIG_YOUNG_BIT, SWP_MIG_DIRTY_BIT.
namespace hmm {

constexpr unsigned SWP_PFN_BITS(const SwapConfig& c) { return c.physmem_bits - PAGE_SHIFT; }
constexpr std::uint64_t SWP_PFN_MASK(const SwapConfig& c) { return low_bits(SWP_PFN_BITS(c)); }
constexpr std::uint64_t SWP_MIG_YOUNG(const SwapConfig& c) {
  return std::uint64_t{1} << SWP_PFN_BITS(c);
}
constexpr std::uint64_t SWP_MIG_DIRTY(const SwapConfig& c) { return SWP_MIG_YOUNG(c) << 1; }
constexpr unsigned SWP_MIG_TOTAL_BITS(const SwapConfig& c) { return SWP_PFN_BITS(c) + 2; }

// Whether an offset has room for the bits, which only CONFIG_SWAP kernels find out.
// Kernel: mm/swapfile.c swapfile_init(), include/linux/swapops.h migration_entry_supports_ad().
constexpr bool migration_entry_supports_ad(const SwapEncoding& enc) {
  const SwapConfig& c = enc.config;
  return is_v6(c) && c.swap && c.migration &&
         arch_max_swapfile_size(enc) >= std::uint64_t{1} << SWP_MIG_TOTAL_BITS(c);
}

// Where A/D bits cannot be carried, the maker gives its argument back and the test is false.
template <class D>
constexpr swp_entry_t<D> make_migration_entry_with(const SwapEncoding& enc,
                                                   const swp_entry_t<D>& entry, std::uint64_t bit) {
  const SwapConfig& c = enc.config;
  if (!migration_entry_supports_ad(enc)) return entry;
  return swp_entry<D>(c, swp_type(c, entry), swp_offset(c, entry) | typename D::Word(bit));
}
template <class D>
constexpr typename D::Bool is_migration_entry_with(const SwapEncoding& enc,
                                                   const swp_entry_t<D>& entry, std::uint64_t bit) {
  if (!migration_entry_supports_ad(enc)) return typename D::Bool(false);
  return any_bit<D>(swp_offset(enc.config, entry), bit);
}
template <class D>
constexpr swp_entry_t<D> make_migration_entry_young(const SwapEncoding& enc,
                                                    const swp_entry_t<D>& entry) {
  return make_migration_entry_with(enc, entry, SWP_MIG_YOUNG(enc.config));
}
template <class D>
constexpr typename D::Bool is_migration_entry_young(const SwapEncoding& enc,
                                                    const swp_entry_t<D>& entry) {
  return is_migration_entry_with(enc, entry, SWP_MIG_YOUNG(enc.config));
}
template <class D>
constexpr swp_entry_t<D> make_migration_entry_dirty(const SwapEncoding& enc,
                                                    const swp_entry_t<D>& entry) {
  return make_migration_entry_with(enc, entry, SWP_MIG_DIRTY(enc.config));
}
template <class D>
constexpr typename D::Bool is_migration_entry_dirty(const SwapEncoding& enc,
                                                    const swp_entry_t<D>& entry) {
  return is_migration_entry_with(enc, entry, SWP_MIG_DIRTY(enc.config));
}

// Kernel: include/linux/swapops.h swp_offset_pfn(), only for pfn swap entries. v16 and 4.14 take
// the whole offset in device_private_entry_to_pfn() and migration_entry_to_page().
template <class D>
constexpr typename D::Word swp_offset_pfn(const SwapConfig& c, const swp_entry_t<D>& entry) {
  const typename D::Word offset = swp_offset(c, entry);
  return is_v6(c) ? offset & typename D::Word(SWP_PFN_MASK(c)) : offset;
}

}  // namespace hmm
