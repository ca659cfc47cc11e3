#pragma once
#include <array>
#include <string_view>

// Bugs that neither a promise nor a recording notices, nor a proof that a promise is not preserved,
// each with the reason. `hmmcheck teeth` fails on one that is not named here, and on one that is
// and is noticed.
namespace hmm {

struct Survivor {
  std::string_view name;  // of the mutant, as --drop or --mutate takes it
  std::string_view reason;
};

namespace survives {

inline constexpr std::string_view kAlike =
    "the two are alike in every state that is reached: one page is held once, what is exclusive "
    "is marked so, and what a fault finds can be read";
inline constexpr std::string_view kAsked =
    "which rights a mapping was asked for is written nowhere else: nothing is left to compare "
    "with";
inline constexpr std::string_view kBeyond =
    "a strengthening notices it, and the promise behind that breaks a step later, where two "
    "address "
    "spaces are mirrored: no scope that is explored has these";
inline constexpr std::string_view kBehind =
    "a driver that does not touch a buffer once it has filled it needs nobody to hold that";
inline constexpr std::string_view kBound = "it bounds the model and is no kernel's";
inline constexpr std::string_view kCallbacks =
    "a range with nothing to change closes before its devices are told: no entry has changed";
inline constexpr std::string_view kChild =
    "what a fork is to do with an entry is done by another of its steps as well, or asked for "
    "again by the one that follows";
inline constexpr std::string_view kCopy =
    "the child copies what the step would have waited for: the page is counted, and who unmaps "
    "it finds the new mapping";
inline constexpr std::string_view kDeferred =
    "put off or not, no walk begins before the range closes, and the range has no entry of the "
    "device to drop";
inline constexpr std::string_view kDirty =
    "an entry is dirty for nothing: its page is kept, or written out once more than need be";
inline constexpr std::string_view kFailed =
    "a driver that goes on with a device that has failed: what its memory held is known to be "
    "lost, and a fault on it still ends in SIGBUS";
inline constexpr std::string_view kGhost =
    "what is written down for promises only is lost, or confused with what the walk found: the "
    "sequence number refuses the walk all the same";
inline constexpr std::string_view kGone =
    "an address space that is gone has no entry to store through, and a child that is not there "
    "yet stores to pages of its own";
inline constexpr std::string_view kKept =
    "what was given up is kept: its page is not dropped, or goes out to swap before it is";
inline constexpr std::string_view kLate =
    "who looks memory up that is about to go holds it up: memunmap_pages() waits for them too";
inline constexpr std::string_view kLock =
    "it is done at once: what the lock keeps apart comes before or after it, and "
    "get_user_pages_fast() takes no lock";
inline constexpr std::string_view kMerge =
    "which vmas may merge is a choice here (Known limits), and rights go by page";
inline constexpr std::string_view kNothing =
    "nothing is mapped there, and what is mapped there next is marked so again";
inline constexpr std::string_view kOrder =
    "another guard, or the stage after, asks for the same: the migration is the same in the end";
inline constexpr std::string_view kPinned =
    "a pinned page is watched as others are: a write to it by DMA goes unseen either way";
inline constexpr std::string_view kReads =
    "only the driver's own rule (lib/test_hmm.c) keeps it from migrating what the process may "
    "not read, and it comes back as it was";
inline constexpr std::string_view kRefs =
    "migrate_device_unmap() counts the references as well: each finds what the other misses, "
    "and unmap_checks_refcount is the switch of both";
inline constexpr std::string_view kTold =
    "a device is told of more than it need be, or has less in its page table than it may: it "
    "faults again";
inline constexpr std::string_view kTwice =
    "what is done again was done already: a callback, an entry, a copy that the stage or a "
    "later check leaves alone";
inline constexpr std::string_view kUntold =
    "whom a walk of the reverse mappings tells beside those that map the page is up to the "
    "kernel, and no promise is of it";
inline constexpr std::string_view kWalk =
    "a walk that cannot be used: its commit is refused by the sequence number, or by the stage";
inline constexpr std::string_view kWrite =
    "a page that was writable is not, or the other way round where a store faults again: the "
    "next fault sets it right";
inline constexpr std::string_view kZero =
    "the zero page is held as if it were memory, as 6.12 lets whoever reads it: it is never "
    "freed";

}  // namespace survives

inline constexpr std::array kSurvivors = {
    Survivor{"alloc_and_copy.fill_buffer", survives::kBehind},
    Survivor{"clear_refs_pte_range.pin", survives::kPinned},
    Survivor{"copy_present_page.page_locked", survives::kCopy},
    Survivor{"copy_present_page.restore_exclusive", survives::kChild},
    Survivor{"cpu_store.not_alive", survives::kGone},
    Survivor{"device_fail.device_failed", survives::kTwice},
    Survivor{"device_fail.fail", survives::kFailed},
    Survivor{"device_store.device_failed", survives::kFailed},
    Survivor{"dmirror_interval_invalidate.overtaken", survives::kGhost},
    Survivor{"do_wp_page.mmap_lock", survives::kLock},
    Survivor{"do_wp_page.pte_write", survives::kTwice},
    Survivor{"exit_mmap.not_alive", survives::kTwice},
    Survivor{"folio_migrate_flags.lazyfree", survives::kKept},
    Survivor{"follow_page_pte.mmap_lock", survives::kLock},
    Survivor{"follow_page_pte.scope_limit", survives::kBound},
    Survivor{"follow_page_pte.zero_page", survives::kZero},
    Survivor{"get_dev_pagemap.live", survives::kLate},
    Survivor{"handle_pte_fault.mmap_lock", survives::kLock},
    Survivor{"handle_pte_fault.read_only", survives::kDirty},
    Survivor{"hmm_range_fault.migration_entry", survives::kWalk},
    Survivor{"hmm_range_fault.mmap_lock", survives::kLock},
    Survivor{"hmm_range_fault.retry", survives::kWalk},
    Survivor{"leave_dst_empty.stage", survives::kOrder},
    Survivor{"make_device_exclusive_range.want_write", survives::kWalk},
    Survivor{"migrate_device_finalize.others_first", survives::kOrder},
    Survivor{"migrate_device_finalize.wrong_stage", survives::kTwice},
    Survivor{"migrate_device_finalize:pte.write~dirty", survives::kWrite},
    Survivor{"migrate_device_finalize:pte.write~soft_dirty", survives::kWrite},
    Survivor{"migrate_device_unmap:pte.write~soft_dirty", survives::kWrite},
    Survivor{"migrate_to_ram.device_failed", survives::kFailed},
    Survivor{"migrate_vma_pages.waits_for_insert", survives::kOrder},
    Survivor{"migrate_vma_pages.wrong_stage", survives::kOrder},
    Survivor{"migrate_vma_setup.device_failed", survives::kFailed},
    Survivor{"migrate_vma_setup.vm_read", survives::kReads},
    Survivor{"mmu_interval_notifier_insert.defer", survives::kDeferred},
    Survivor{"mmu_interval_read_begin.device_failed", survives::kFailed},
    Survivor{"mmu_notifier_invalidate_range_end.callbacks", survives::kCallbacks},
    Survivor{"mmu_notifier_invalidate_range_end.not_in_flight", survives::kTwice},
    Survivor{"mn_itree_invalidate.not_pending", survives::kTwice},
    Survivor{"remove_migration_pte.page_prot", survives::kWrite},
    Survivor{"rmap_walk.mapped_here", survives::kTold},
    Survivor{"rmap_walk.no_vma", survives::kTold},
    Survivor{"rmap_walk.not_walked", survives::kTold},
    Survivor{"rmap_walk.notify", survives::kUntold},
    Survivor{"rmap_walk:device_fault.want_write~fresh", survives::kBeyond},
    Survivor{"shmem_zero_setup.slot_busy", survives::kTwice},
    Survivor{"shmem_zero_setup:vma.read~soft_dirty", survives::kAsked},
    Survivor{"try_to_migrate_one.pin", survives::kRefs},
    Survivor{"unpin_user_page:page.gets~pins", survives::kAlike},
    Survivor{"vma_merge.no_vma", survives::kNothing},
    Survivor{"vma_merge.vm_read", survives::kMerge},
    Survivor{"vma_merge.vm_write", survives::kMerge},
    Survivor{"vma_needs_copy.not_opening", survives::kChild},
};

constexpr const Survivor* survivor_named(std::string_view name) {
  for (const auto& s : kSurvivors)
    if (s.name == name) return &s;
  return nullptr;
}

}  // namespace hmm
