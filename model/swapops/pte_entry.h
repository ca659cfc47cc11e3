#pragma once
#include "model/state.h"
#include "model/swapops/classify.h"

// What stands in a page table for a pte of the state.
namespace hmm {

// The swap entry of a pte that is one; nothing for an empty or present pte. The slot of swap is the
// first of the first file, whose header comes before it. Where the kernel has no
// entries of the kind, swp_entry(0, 0), as from its makers.
// Kernel: mm/migrate_device.c migrate_vma_collect_pmd(), migrate_vma_insert_page(), mm/rmap.c
// try_to_migrate_one(), page_make_device_exclusive_one(), mm/migrate.c remove_migration_pte().
template <class D>
constexpr std::optional<swp_entry_t<D>> swp_entry_of(const SwapConfig& c, const Pte<D>& pte) {
  static_assert(!D::selects, "a pte is of one kind, not of one for each case");
  const typename D::Word pfn = pte.pfn.v;
  switch (static_cast<PteKind>(pte.kind.v)) {
    case PteKind::none:
    case PteKind::present:
      return std::nullopt;
    case PteKind::device_private:
      return pte.write ? make_writable_device_private_entry<D>(c, pfn)
                       : make_readable_device_private_entry<D>(c, pfn);
    case PteKind::device_exclusive:
      return pte.write && SWP_DEVICE_EXCLUSIVE_WRITE(c)
                 ? make_writable_device_exclusive_entry<D>(c, pfn)
                 : make_readable_device_exclusive_entry<D>(c, pfn);
    case PteKind::migration:
      return pte.write       ? make_writable_migration_entry<D>(c, pfn)
             : pte.exclusive ? make_readable_exclusive_migration_entry<D>(c, pfn)
                             : make_readable_migration_entry<D>(c, pfn);
    case PteKind::swap:
      return swp_entry<D>(c, typename D::Word(0), typename D::Word(1));
  }
  return std::nullopt;
}

}  // namespace hmm
