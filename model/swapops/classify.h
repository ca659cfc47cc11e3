#pragma once
#include "model/swapops/pte.h"

// What a swap entry is, making entries of each kind, and what migration entries carry.
// Kernel: include/linux/swapops.h. When an option is off, or the kernel never had the kind, tests
// are false and makers give swp_entry(0, 0).
namespace hmm {

template <class D>
constexpr typename D::Bool has_type(const SwapConfig& c, const swp_entry_t<D>& entry,
                                    SwapType type) {
  if (!type) return typename D::Bool(false);
  return swp_type(c, entry) == typename D::Word(*type);
}
template <class D>
constexpr swp_entry_t<D> make_of_type(const SwapConfig& c, SwapType type,
                                      const typename D::Word& offset) {
  using Word = typename D::Word;
  return type ? swp_entry<D>(c, Word(*type), offset) : swp_entry<D>(c, Word(0), Word(0));
}

// Device private memory: v16 is_device_entry(), is_write_device_entry(), make_device_entry(); 4.14
// is_write_device_private_entry(), make_device_private_entry().
template <class D>
constexpr typename D::Bool is_writable_device_private_entry(const SwapConfig& c,
                                                            const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_DEVICE_WRITE(c));
}
template <class D>
constexpr typename D::Bool is_device_private_entry(const SwapConfig& c,
                                                   const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_DEVICE_READ(c)) || has_type(c, entry, SWP_DEVICE_WRITE(c));
}
template <class D>
constexpr swp_entry_t<D> make_readable_device_private_entry(const SwapConfig& c,
                                                            const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_DEVICE_READ(c), pfn);
}
template <class D>
constexpr swp_entry_t<D> make_writable_device_private_entry(const SwapConfig& c,
                                                            const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_DEVICE_WRITE(c), pfn);
}

// Pages a device uses exclusively, 5.14 and later. Of a kernel that has one kind of them it is the
// readable one here: 7.3 include/linux/swapops.h make_device_exclusive_entry().
template <class D>
constexpr typename D::Bool is_writable_device_exclusive_entry(const SwapConfig& c,
                                                              const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_DEVICE_EXCLUSIVE_WRITE(c));
}
template <class D>
constexpr typename D::Bool is_device_exclusive_entry(const SwapConfig& c,
                                                     const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_DEVICE_EXCLUSIVE_READ(c)) ||
         has_type(c, entry, SWP_DEVICE_EXCLUSIVE_WRITE(c));
}
template <class D>
constexpr swp_entry_t<D> make_readable_device_exclusive_entry(const SwapConfig& c,
                                                              const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_DEVICE_EXCLUSIVE_READ(c), pfn);
}
template <class D>
constexpr swp_entry_t<D> make_writable_device_exclusive_entry(const SwapConfig& c,
                                                              const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_DEVICE_EXCLUSIVE_WRITE(c), pfn);
}

// Pages under migration: v16 and 4.14 is_write_migration_entry(), make_migration_entry().
template <class D>
constexpr typename D::Bool is_writable_migration_entry(const SwapConfig& c,
                                                       const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_MIGRATION_WRITE(c));
}
template <class D>
constexpr typename D::Bool is_readable_migration_entry(const SwapConfig& c,
                                                       const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_MIGRATION_READ(c));
}
template <class D>
constexpr typename D::Bool is_readable_exclusive_migration_entry(const SwapConfig& c,
                                                                 const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_MIGRATION_READ_EXCLUSIVE(c));
}
template <class D>
constexpr typename D::Bool is_migration_entry(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return is_readable_migration_entry(c, entry) || is_readable_exclusive_migration_entry(c, entry) ||
         is_writable_migration_entry(c, entry);
}
template <class D>
constexpr swp_entry_t<D> make_readable_migration_entry(const SwapConfig& c,
                                                       const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_MIGRATION_READ(c), pfn);
}
template <class D>
constexpr swp_entry_t<D> make_readable_exclusive_migration_entry(const SwapConfig& c,
                                                                 const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_MIGRATION_READ_EXCLUSIVE(c), pfn);
}
template <class D>
constexpr swp_entry_t<D> make_writable_migration_entry(const SwapConfig& c,
                                                       const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_MIGRATION_WRITE(c), pfn);
}

template <class D>
constexpr typename D::Bool is_hwpoison_entry(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_HWPOISON(c));
}
template <class D>
constexpr swp_entry_t<D> make_hwpoison_entry(const SwapConfig& c, const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_HWPOISON(c), pfn);
}

// 6.1 include/linux/swapops.h make_swapin_error_entry(). It holds a pfn that nobody reads, and is
// not a pfn swap entry.
template <class D>
constexpr typename D::Bool is_swapin_error_entry(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_SWAPIN_ERROR(c));
}
template <class D>
constexpr swp_entry_t<D> make_swapin_error_entry(const SwapConfig& c, const typename D::Word& pfn) {
  return make_of_type<D>(c, SWP_SWAPIN_ERROR(c), pfn);
}

inline constexpr std::uint64_t PTE_MARKER_UFFD_WP = 1u << 0;
inline constexpr std::uint64_t PTE_MARKER_POISONED = 1u << 1;  // 6.12
inline constexpr std::uint64_t PTE_MARKER_GUARD = 1u << 2;     // 7.3
constexpr std::uint64_t PTE_MARKER_MASK(const SwapConfig& c) {
  if (!SWP_PTE_MARKER(c)) return 0;
  std::uint64_t mask = PTE_MARKER_UFFD_WP;
  if (is_at_least(c, SwapKernel::v6_12)) mask |= PTE_MARKER_POISONED;
  if (is_at_least(c, SwapKernel::v7_3)) mask |= PTE_MARKER_GUARD;
  return mask;
}
template <class D>
constexpr typename D::Bool is_pte_marker_entry(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return has_type(c, entry, SWP_PTE_MARKER(c));
}
template <class D>
constexpr swp_entry_t<D> make_pte_marker_entry(const SwapConfig& c,
                                               const typename D::Word& marker) {
  return make_of_type<D>(c, SWP_PTE_MARKER(c), marker);
}
template <class D>
constexpr typename D::Word pte_marker_get(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return swp_offset(c, entry) & typename D::Word(PTE_MARKER_MASK(c));
}
template <class D>
constexpr typename D::Bool is_poisoned_swp_entry(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return is_pte_marker_entry(c, entry) && any_bit<D>(pte_marker_get(c, entry), PTE_MARKER_POISONED);
}
// Kernel: include/linux/swapops.h is_pte_marker(), pte_none_mostly().
template <class D>
constexpr typename D::Bool pte_none_mostly(const SwapEncoding& enc, const pte_t<D>& pte) {
  const auto entry = pte_to_swp_entry(enc, pte);
  return pte_none(pte) || (is_swap_pte(pte) && is_pte_marker_entry(enc.config, entry));
}

// Kernel: include/linux/swapops.h is_pfn_swap_entry(). Older kernels have no such function, but the
// same entries hold a pfn there.
template <class D>
constexpr typename D::Bool is_pfn_swap_entry(const SwapConfig& c, const swp_entry_t<D>& entry) {
  return is_migration_entry(c, entry) || is_device_private_entry(c, entry) ||
         is_device_exclusive_entry(c, entry) || is_hwpoison_entry(c, entry);
}

// Before 5.7, non_swap_entry() is compiled to 0 unless memory failure or migration is configured:
// with device private memory alone it misses device entries. Upstream 3f3673d7d324 corrects it;
// 4.14.63 does not have that yet.
constexpr bool non_swap_entry_is_constant(const SwapConfig& c) {
  return !is_v6(c) && !c.memory_failure && !c.migration;
}
template <class D>
constexpr typename D::Bool non_swap_entry(const SwapConfig& c, const swp_entry_t<D>& entry) {
  if (non_swap_entry_is_constant(c)) return typename D::Bool(false);
  return !(swp_type(c, entry) < typename D::Word(MAX_SWAPFILES(c)));
}

// Taking write permission away keeps the offset as it is, with the A/D bits above the pfn.
// Kernel: mm/mprotect.c change_pte_range(), mm/memory.c copy_nonpresent_pte(); in 4.14 the pointer
// forms make_device_private_entry_read() and make_migration_entry_read().
template <class D>
constexpr swp_entry_t<D> device_private_entry_to_readable(const SwapConfig& c,
                                                          const swp_entry_t<D>& entry) {
  return make_readable_device_private_entry<D>(c, swp_offset(c, entry));
}
template <class D>
constexpr swp_entry_t<D> device_exclusive_entry_to_readable(const SwapConfig& c,
                                                            const swp_entry_t<D>& entry) {
  return make_readable_device_exclusive_entry<D>(c, swp_offset(c, entry));
}
template <class D>
constexpr swp_entry_t<D> migration_entry_to_readable(const SwapConfig& c,
                                                     const swp_entry_t<D>& entry) {
  return make_readable_migration_entry<D>(c, swp_offset(c, entry));
}
template <class D>
constexpr swp_entry_t<D> migration_entry_to_readable_exclusive(const SwapConfig& c,
                                                               const swp_entry_t<D>& entry) {
  return make_readable_exclusive_migration_entry<D>(c, swp_offset(c, entry));
}

}  // namespace hmm
