#pragma once

// What fields of the state take their values from by name.
namespace hmm {

// What stands in a page table entry. The zero page is a present entry with pfn 0.
enum class PteKind : unsigned { none, present, device_private, migration, device_exclusive };

// Which caller opened a notifier range. The names are those of mmu_notifier_event's users.
enum class RangeOp : unsigned {
  none,
  munmap,
  dontneed,
  mprotect,
  fork,
  wp_copy,
  migrate,
  insert,
  exclusive,
  restore,
  mremap,
  clear_refs
};

enum class MigrationStage : unsigned { idle, setup, running, inserting };

// One page of a migration; a hole, an empty pte or the zero page, has no src. `moved`:
// migrate_vma_pages() has been there.
enum class EntryStage : unsigned { none, collected, unmapped, copied, moved };

// `excluding`, `excluded`: it asks for exclusive access, and its page is locked.
enum class DeviceFaultStage : unsigned { idle, begun, walked, excluding, excluded };
enum class CpuFaultStage : unsigned { idle, looked_up, in_driver, returned };

}  // namespace hmm
