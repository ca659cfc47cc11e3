#pragma once
#include <variant>

#include "model/steps/add_memory.h"
#include "model/steps/alloc_and_copy.h"
#include "model/steps/change_pte_range.h"
#include "model/steps/clear_refs_pte_range.h"
#include "model/steps/clear_refs_write.h"
#include "model/steps/copy_present_page.h"
#include "model/steps/copy_pte_range.h"
#include "model/steps/cpu_load.h"
#include "model/steps/cpu_store.h"
#include "model/steps/device_fail.h"
#include "model/steps/device_load.h"
#include "model/steps/device_store.h"
#include "model/steps/dmirror_do_fault.h"
#include "model/steps/dmirror_fops_release.h"
#include "model/steps/do_anonymous_page.h"
#include "model/steps/do_anonymous_zero_page.h"
#include "model/steps/do_swap_page.h"
#include "model/steps/do_swap_page_end.h"
#include "model/steps/do_wp_page.h"
#include "model/steps/dup_mmap.h"
#include "model/steps/exit_mmap.h"
#include "model/steps/follow_page_pte.h"
#include "model/steps/get_dev_pagemap.h"
#include "model/steps/handle_pte_fault.h"
#include "model/steps/hmm_range_fault.h"
#include "model/steps/hold_store.h"
#include "model/steps/leave_dst_empty.h"
#include "model/steps/madvise_dontneed.h"
#include "model/steps/madvise_free.h"
#include "model/steps/madvise_free_pte_range.h"
#include "model/steps/make_device_exclusive_range.h"
#include "model/steps/memremap_pages.h"
#include "model/steps/memunmap_pages.h"
#include "model/steps/memunmap_pages_end.h"
#include "model/steps/migrate_device_finalize.h"
#include "model/steps/migrate_device_pages.h"
#include "model/steps/migrate_device_range.h"
#include "model/steps/migrate_device_unmap.h"
#include "model/steps/migrate_to_ram.h"
#include "model/steps/migrate_vma_collect.h"
#include "model/steps/migrate_vma_end.h"
#include "model/steps/migrate_vma_insert_page.h"
#include "model/steps/migrate_vma_pages.h"
#include "model/steps/migrate_vma_setup.h"
#include "model/steps/migration_entry_wait.h"
#include "model/steps/migration_entry_wait_end.h"
#include "model/steps/mmap_region.h"
#include "model/steps/mmu_interval_notifier_insert.h"
#include "model/steps/mmu_interval_notifier_remove.h"
#include "model/steps/mmu_interval_read_begin.h"
#include "model/steps/mmu_interval_read_retry.h"
#include "model/steps/mmu_notifier_invalidate_range_end.h"
#include "model/steps/mn_itree_inv_end.h"
#include "model/steps/mn_itree_invalidate.h"
#include "model/steps/move_ptes.h"
#include "model/steps/move_vma.h"
#include "model/steps/mprotect_fixup.h"
#include "model/steps/munmap.h"
#include "model/steps/page_free.h"
#include "model/steps/page_make_device_exclusive_one.h"
#include "model/steps/percpu_ref_kill.h"
#include "model/steps/put_dev_pagemap.h"
#include "model/steps/release_mem_region.h"
#include "model/steps/remove_device_exclusive_entry.h"
#include "model/steps/remove_mapping.h"
#include "model/steps/request_free_mem_region.h"
#include "model/steps/restore_exclusive_pte.h"
#include "model/steps/rmap_walk.h"
#include "model/steps/shmem_fault.h"
#include "model/steps/shmem_zero_setup.h"
#include "model/steps/shrink_folio_list.h"
#include "model/steps/swapin_readahead.h"
#include "model/steps/try_remove_memory.h"
#include "model/steps/unpin_user_page.h"
#include "model/steps/vma_merge.h"
#include "model/steps/vma_needs_copy.h"
#include "model/steps/wp_page_copy.h"
#include "model/steps/wp_page_copy_install.h"
#include "model/steps/xe_migrate_clear.h"
#include "model/steps/zap_pte_range.h"

namespace hmm {

// The whole list of steps; adding one is a header and a name here.
template <class D>
using Step = std::variant<
    MmapRegion<D>, CpuLoad<D>, CpuStore<D>, DoAnonymousPage<D>, DoAnonymousZeroPage<D>, DoWpPage<D>,
    WpPageCopy<D>, WpPageCopyInstall<D>, Munmap<D>, MadviseDontneed<D>, MprotectFixup<D>,
    DupMmap<D>, ZapPteRange<D>, ChangePteRange<D>, CopyPteRange<D>, CopyPresentPage<D>,
    MnItreeInvalidate<D>, MmuNotifierInvalidateRangeEnd<D>, ExitMmap<D>, FollowPagePte<D>,
    UnpinUserPage<D>, HoldStore<D>, MmuIntervalReadBegin<D>, HmmRangeFault<D>,
    MmuIntervalReadRetry<D>, DeviceLoad<D>, DeviceStore<D>, DeviceFail<D>, MigrateVmaSetup<D>,
    MigrateVmaCollect<D>, MigrateDeviceUnmap<D>, AllocAndCopy<D>, LeaveDstEmpty<D>,
    MigrateVmaPages<D>, MigrateDevicePages<D>, MigrateVmaInsertPage<D>, MigrateDeviceFinalize<D>,
    MigrateVmaEnd<D>, DoSwapPage<D>, MigrateToRam<D>, DoSwapPageEnd<D>, MakeDeviceExclusiveRange<D>,
    PageMakeDeviceExclusiveOne<D>, RemoveDeviceExclusiveEntry<D>, RestoreExclusivePte<D>,
    MigrateDeviceRange<D>, VmaNeedsCopy<D>, MoveVma<D>, MovePtes<D>, ClearRefsWrite<D>,
    ClearRefsPteRange<D>, VmaMerge<D>, ShmemZeroSetup<D>, ShmemFault<D>, RmapWalk<D>,
    MigrationEntryWait<D>, MigrationEntryWaitEnd<D>, RequestFreeMemRegion<D>, MemremapPages<D>,
    AddMemory<D>, TryRemoveMemory<D>, PercpuRefKill<D>, MemunmapPages<D>, MemunmapPagesEnd<D>,
    ReleaseMemRegion<D>, GetDevPagemap<D>, PutDevPagemap<D>, MmuIntervalNotifierInsert<D>,
    MmuIntervalNotifierRemove<D>, MnItreeInvEnd<D>, DmirrorFopsRelease<D>, DmirrorDoFault<D>,
    PageFree<D>, XeMigrateClear<D>, HandlePteFault<D>, ShrinkFolioList<D>, SwapinReadahead<D>,
    RemoveMapping<D>, MadviseFree<D>, MadviseFreePteRange<D>>;

inline constexpr std::size_t kSteps = std::variant_size_v<Step<Concrete<Scope{}>>>;

// The `I`-th of them.
template <std::size_t I, class D = Concrete<Scope{}>>
using StepOfKind = std::variant_alternative_t<I, Step<D>>;

// The scope has none of what the step is about: it says so itself, or a field has no value there.
template <class S>
constexpr bool is_out_of_scope(const Scope& scope) {
  if constexpr (requires { S::gate; })
    if (!S::gate.is_open(scope)) return true;
  return S::fields().apply(
      [&](const auto&... f) { return ((range_of(f.sort, scope).count == 0) || ...); });
}

// Calls visit(std::integral_constant<std::size_t, I>) for each kind of step, in the list's order.
template <class Visit>
[[gnu::always_inline]] constexpr void for_each_step_kind(Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    (visit(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::make_index_sequence<kSteps>{});
}

}  // namespace hmm
