#pragma once
#include <array>
#include <string_view>

// Bugs that neither a promise nor a recording notices, each with the reason. `hmmcheck teeth` fails
// on one that is not named here, and on one that is and is noticed.
namespace hmm {

struct Survivor {
  std::string_view name;  // of the mutant, as --drop or --mutate takes it
  std::string_view reason;
};

namespace survives {

inline constexpr std::string_view kBit =
    "a bit that such an entry has none of, and nobody reads there: ptes_are_well_formed or "
    "files_are_well_formed sees it";
inline constexpr std::string_view kBound = "it bounds the model and is no kernel's";
inline constexpr std::string_view kCallbacks =
    "devices are still to be told when the entry changes, and are before the range closes: only "
    "then do promises speak of them again";
inline constexpr std::string_view kChild =
    "what a fork is to do with an entry is done by another of its steps as well, or asked for "
    "again by the one that follows";
inline constexpr std::string_view kCopy =
    "the child copies what the step would have waited for: the page is counted, and who unmaps it "
    "finds the new mapping";
inline constexpr std::string_view kDirty =
    "nothing here is written out, so that no dirty bit saves a store";
inline constexpr std::string_view kExclusive =
    "PG_anon_exclusive is wrong for a while: pages_are_well_formed or ptes_are_well_formed sees "
    "it, and whoever asks for it counts references as well";
inline constexpr std::string_view kFailed =
    "a driver that goes on with a device that has failed: what its memory held is known to be "
    "lost, and a fault on it still ends in SIGBUS";
inline constexpr std::string_view kGhost =
    "what is written down for promises only is lost, or confused with what the walk found: the "
    "sequence number refuses the walk all the same";
inline constexpr std::string_view kGone =
    "of an address space that is gone nobody is left to see it";
inline constexpr std::string_view kLock =
    "what the lock keeps apart comes before or after: each call changes an entry in one step. Only "
    "a strengthening sees the two at once";
inline constexpr std::string_view kMerge =
    "which vmas may merge is a choice here (Known limits), and rights go by page";
inline constexpr std::string_view kNothing =
    "the call finds nothing to work on: its range opens and closes, and no entry changes";
inline constexpr std::string_view kOrder =
    "the stage before has done it, or the stage after does: the migration is the same in the end";
inline constexpr std::string_view kPinned =
    "a pinned page is watched as others are: a write to it by DMA goes unseen either way";
inline constexpr std::string_view kReads =
    "nobody looks at what it reads: a load that the rights forbid returns what is there";
inline constexpr std::string_view kRefs =
    "migrate_device_unmap() has asked the same: each finds what the other misses, and "
    "unmap_checks_refcount is the switch of both";
inline constexpr std::string_view kTold =
    "a device is told of more than it need be, or has less in its page table than it may: it "
    "faults again";
inline constexpr std::string_view kTwice =
    "what is done again was done already: a callback, an entry, a copy that the stage or a later "
    "check leaves alone";
inline constexpr std::string_view kUntold =
    "whom a walk of the reverse mappings tells beside those that map the page is up to the kernel, "
    "and no promise is of it";
inline constexpr std::string_view kWalk =
    "a walk that cannot be used: its commit is refused by the sequence number, or by the stage";
inline constexpr std::string_view kWrite =
    "a page that was writable is not, or the other way round where a store faults again: the next "
    "fault sets it right";
inline constexpr std::string_view kZero =
    "the zero page is held as if it were memory: pages_are_well_formed sees its count, and it is "
    "never freed";
inline constexpr std::string_view kZone =
    "the driver copies to memory of another device or of the wrong kind: "
    "migrations_are_well_formed sees it, and the page is where its entry says";

}  // namespace survives

inline constexpr std::array kSurvivors = {
    Survivor{"alloc_and_copy.device_failed", survives::kFailed},
    Survivor{"alloc_and_copy.dst_zone", survives::kZone},
    Survivor{"change_pte_range.callbacks", survives::kCallbacks},
    Survivor{"change_pte_range.keep_exclusive", survives::kExclusive},
    Survivor{"change_pte_range:pte.exclusive~dirty", survives::kBit},
    Survivor{"change_pte_range:pte.exclusive~soft_dirty", survives::kBit},
    Survivor{"clear_refs_pte_range.not_pending", survives::kTwice},
    Survivor{"clear_refs_pte_range.pin", survives::kPinned},
    Survivor{"clear_refs_pte_range:pte.exclusive~dirty", survives::kBit},
    Survivor{"clear_refs_pte_range:pte.exclusive~soft_dirty", survives::kBit},
    Survivor{"clear_refs_write.mmap_lock", survives::kLock},
    Survivor{"clear_refs_write.not_alive", survives::kGone},
    Survivor{"copy_present_page.callbacks", survives::kCallbacks},
    Survivor{"copy_present_page.not_pending", survives::kTwice},
    Survivor{"copy_present_page.page_locked", survives::kCopy},
    Survivor{"copy_present_page.restore_exclusive", survives::kChild},
    Survivor{"copy_present_page:pte.exclusive~dirty", survives::kBit},
    Survivor{"copy_present_page:pte.read~dirty", survives::kBit},
    Survivor{"copy_present_page:pte.read~exclusive", survives::kBit},
    Survivor{"copy_present_page:pte.read~soft_dirty", survives::kBit},
    Survivor{"copy_present_page:pte.write~exclusive", survives::kBit},
    Survivor{"copy_pte_range.page_locked", survives::kCopy},
    Survivor{"cpu_store.dirty", survives::kDirty},
    Survivor{"cpu_store.not_alive", survives::kGone},
    Survivor{"cpu_store:pte.exclusive~dirty", survives::kBit},
    Survivor{"device_fail.fail", survives::kFailed},
    Survivor{"device_store.device_failed", survives::kFailed},
    Survivor{"dmirror_interval_invalidate.overtaken", survives::kGhost},
    Survivor{"do_anonymous_page:pte.exclusive~dirty", survives::kBit},
    Survivor{"do_anonymous_page:pte.write~exclusive", survives::kBit},
    Survivor{"do_swap_page.mmap_lock", survives::kLock},
    Survivor{"do_swap_page.vm_read", survives::kReads},
    Survivor{"do_wp_page.mmap_lock", survives::kLock},
    Survivor{"do_wp_page.pte_write", survives::kTwice},
    Survivor{"do_wp_page.read", survives::kReads},
    Survivor{"do_wp_page:pte.exclusive~dirty", survives::kBit},
    Survivor{"do_wp_page:pte.read~exclusive", survives::kBit},
    Survivor{"do_wp_page:pte.write~exclusive", survives::kBit},
    Survivor{"dup_mmap.mmap_lock", survives::kLock},
    Survivor{"dup_mmap.not_alive", survives::kGone},
    Survivor{"exit_mmap.device_fault", survives::kGone},
    Survivor{"exit_mmap.mmap_lock", survives::kLock},
    Survivor{"follow_page_pte.mmap_lock", survives::kLock},
    Survivor{"follow_page_pte.protnone", survives::kReads},
    Survivor{"follow_page_pte.scope_limit", survives::kBound},
    Survivor{"follow_page_pte.zero_page", survives::kZero},
    Survivor{"hmm_range_fault.migration_entry", survives::kWalk},
    Survivor{"hmm_range_fault.mmap_lock", survives::kLock},
    Survivor{"hmm_range_fault.retry", survives::kWalk},
    Survivor{"leave_dst_empty.stage", survives::kOrder},
    Survivor{"madvise_dontneed.bad_range", survives::kNothing},
    Survivor{"madvise_dontneed.mmap_lock", survives::kLock},
    Survivor{"madvise_dontneed.no_vma", survives::kNothing},
    Survivor{"make_device_exclusive_range.mmap_lock", survives::kLock},
    Survivor{"make_device_exclusive_range.want_write", survives::kWalk},
    Survivor{"migrate_device_finalize.others_first", survives::kOrder},
    Survivor{"migrate_device_finalize:pte.write~dirty", survives::kWrite},
    Survivor{"migrate_device_finalize:pte.write~exclusive", survives::kBit},
    Survivor{"migrate_device_finalize:pte.write~soft_dirty", survives::kWrite},
    Survivor{"migrate_device_pages.copying", survives::kOrder},
    Survivor{"migrate_device_pages.wrong_stage", survives::kOrder},
    Survivor{"migrate_device_range.page_is_free", survives::kNothing},
    Survivor{"migrate_device_unmap:device_fault.overtaken~write", survives::kGhost},
    Survivor{"migrate_device_unmap:pte.write~soft_dirty", survives::kWrite},
    Survivor{"migrate_to_ram.device_failed", survives::kFailed},
    Survivor{"migrate_to_ram:invalidation.mm~child", survives::kGone},
    Survivor{"migrate_vma_collect.clear_anon_exclusive", survives::kExclusive},
    Survivor{"migrate_vma_collect.keep_exclusive", survives::kExclusive},
    Survivor{"migrate_vma_collect.pin", survives::kExclusive},
    Survivor{"migrate_vma_collect:pte.exclusive~dirty", survives::kBit},
    Survivor{"migrate_vma_collect:pte.read~exclusive", survives::kBit},
    Survivor{"migrate_vma_end.wrong_stage", survives::kOrder},
    Survivor{"migrate_vma_insert_page:pte.exclusive~dirty", survives::kBit},
    Survivor{"migrate_vma_pages.clear_anon_exclusive", survives::kExclusive},
    Survivor{"migrate_vma_pages.copying", survives::kOrder},
    Survivor{"migrate_vma_pages.refcount", survives::kRefs},
    Survivor{"migrate_vma_pages.waits_for_insert", survives::kOrder},
    Survivor{"migrate_vma_pages.wrong_stage", survives::kOrder},
    Survivor{"migrate_vma_setup.device_failed", survives::kFailed},
    Survivor{"migrate_vma_setup.vm_read", survives::kReads},
    Survivor{"mmap_region.mmap_lock", survives::kLock},
    Survivor{"mmap_region.not_alive", survives::kGone},
    Survivor{"mmu_interval_read_begin.device_failed", survives::kFailed},
    Survivor{"mmu_interval_read_begin.not_alive", survives::kGone},
    Survivor{"mmu_interval_read_retry.valid", survives::kTold},
    Survivor{"mmu_interval_read_retry:mirror.valid~write", survives::kTold},
    Survivor{"mmu_notifier_invalidate_range_end.callbacks", survives::kCallbacks},
    Survivor{"mn_itree_invalidate.not_pending", survives::kTwice},
    Survivor{"mn_itree_invalidate:device_fault.overtaken~write", survives::kGhost},
    Survivor{"move_vma.no_vma", survives::kNothing},
    Survivor{"mprotect_fixup.bad_range", survives::kNothing},
    Survivor{"mprotect_fixup.no_vma", survives::kNothing},
    Survivor{"munmap.bad_range", survives::kNothing},
    Survivor{"munmap.no_vma", survives::kNothing},
    Survivor{"page_make_device_exclusive_one.callbacks", survives::kCallbacks},
    Survivor{"page_make_device_exclusive_one.not_pending", survives::kTwice},
    Survivor{"page_make_device_exclusive_one:device_fault.fresh~write", survives::kGhost},
    Survivor{"remove_device_exclusive_entry.mmap_lock", survives::kLock},
    Survivor{"remove_device_exclusive_entry.not_exclusive_entry", survives::kNothing},
    Survivor{"remove_device_exclusive_entry.vm_read", survives::kReads},
    Survivor{"remove_device_exclusive_entry:page.locked~anon_exclusive", survives::kExclusive},
    Survivor{"remove_migration_pte.page_prot", survives::kWrite},
    Survivor{"restore_exclusive_pte.not_pending", survives::kTwice},
    Survivor{"restore_exclusive_pte:pte.exclusive~dirty", survives::kBit},
    Survivor{"restore_exclusive_pte:pte.read~soft_dirty", survives::kBit},
    Survivor{"rmap_walk.mapped_here", survives::kTold},
    Survivor{"rmap_walk.no_vma", survives::kTold},
    Survivor{"rmap_walk.not_walked", survives::kTold},
    Survivor{"rmap_walk.notify", survives::kUntold},
    Survivor{"rmap_walk:device_fault.overtaken~write", survives::kGhost},
    Survivor{"rmap_walk:device_fault.want_write~overtaken", survives::kGhost},
    Survivor{"shmem_fault:pte.exclusive~dirty", survives::kBit},
    Survivor{"shmem_zero_setup.mmap_lock", survives::kLock},
    Survivor{"shmem_zero_setup.not_alive", survives::kGone},
    Survivor{"shmem_zero_setup.slot_busy", survives::kTwice},
    Survivor{"shmem_zero_setup:vma.read~soft_dirty", survives::kBit},
    Survivor{"try_to_migrate_one.pin", survives::kExclusive},
    Survivor{"unpin_user_page:page.gets~pins", survives::kExclusive},
    Survivor{"vma_merge.mmap_lock", survives::kLock},
    Survivor{"vma_merge.no_vma", survives::kNothing},
    Survivor{"vma_merge.vm_read", survives::kMerge},
    Survivor{"vma_merge.vm_write", survives::kMerge},
    Survivor{"vma_needs_copy.not_opening", survives::kChild},
    Survivor{"vma_needs_copy.pte_not_none", survives::kChild},
    Survivor{"wp_page_copy.mmap_lock", survives::kLock},
    Survivor{"wp_page_copy_install:pte.exclusive~dirty", survives::kBit},
    Survivor{"wp_page_copy_install:pte.write~exclusive", survives::kBit},
};

constexpr const Survivor* survivor_named(std::string_view name) {
  for (const auto& s : kSurvivors)
    if (s.name == name) return &s;
  return nullptr;
}

}  // namespace hmm
