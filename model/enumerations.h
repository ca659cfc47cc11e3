#pragma once
#include "model/scope.h"

// What fields of the state take their values from by name, and which scopes come by each.
namespace hmm {

// What stands in a page table entry. The zero page is a present entry with pfn 0. `swap`: the slot
// of swap, and no frame.
enum class PteKind : unsigned { none, present, device_private, migration, device_exclusive, swap };
constexpr Gate gate_of(PteKind kind) {
  switch (kind) {
    case PteKind::none:
    case PteKind::present:
      return kAlways;
    case PteKind::device_private:
    case PteKind::migration:
      return {&Scope::migrations};
    case PteKind::device_exclusive:
      return {&Scope::exclusives};
    case PteKind::swap:
      return {&Scope::swaps};
  }
  return kAlways;
}

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
  clear_refs,
  free
};
constexpr Gate gate_of(RangeOp op) {
  switch (op) {
    case RangeOp::none:
    case RangeOp::munmap:
    case RangeOp::dontneed:
    case RangeOp::mprotect:
    case RangeOp::wp_copy:
      return kAlways;
    case RangeOp::fork:
      return {&Scope::mms, 1};
    case RangeOp::migrate:
    case RangeOp::insert:
      return {&Scope::migrations};
    case RangeOp::exclusive:
    case RangeOp::restore:
      return {&Scope::exclusives};
    case RangeOp::mremap:
      return {&Scope::vpns, 1};
    case RangeOp::clear_refs:
      return {&Scope::soft_dirty_bits};
    case RangeOp::free:
      return {&Scope::lazyfrees};
  }
  return kAlways;
}
// The caller holds the mmap lock for writing throughout. Simplified: munmap does not downgrade it
// before it unmaps (mm/mmap.c vms_complete_munmap_vmas()).
constexpr bool write_locks(RangeOp op) {
  switch (op) {
    case RangeOp::munmap:
    case RangeOp::mprotect:
    case RangeOp::mremap:
    case RangeOp::fork:
    case RangeOp::clear_refs:
      return true;
    case RangeOp::none:
    case RangeOp::dontneed:
    case RangeOp::free:
    case RangeOp::wp_copy:
    case RangeOp::migrate:
    case RangeOp::insert:
    case RangeOp::exclusive:
    case RangeOp::restore:
      return false;
  }
  return false;
}

// What is known of the stores to a page since clear_refs was there.
enum class Watch : unsigned { none, cleared, written };
constexpr Gate gate_of(Watch) { return {&Scope::soft_dirty_bits}; }

enum class MigrationStage : unsigned { idle, setup, running, inserting };
constexpr Gate gate_of(MigrationStage) { return {&Scope::migrations}; }

// One page of a migration; a hole, an empty pte or the zero page, has no src. `moved`:
// migrate_vma_pages() has been there.
enum class EntryStage : unsigned { none, collected, unmapped, copied, moved };
constexpr Gate gate_of(EntryStage) { return {&Scope::migrations}; }

// `checked`: its driver has looked at the sequence number. `excluding`, `excluded`: it asks for
// exclusive access, and its page is locked.
enum class DeviceFaultStage : unsigned { idle, begun, walked, checked, excluding, excluded };
constexpr Gate gate_of(DeviceFaultStage stage) {
  switch (stage) {
    case DeviceFaultStage::idle:
    case DeviceFaultStage::begun:
    case DeviceFaultStage::walked:
    case DeviceFaultStage::checked:
      return {&Scope::device_faults};
    case DeviceFaultStage::excluding:
    case DeviceFaultStage::excluded:
      return {&Scope::exclusives};
  }
  return kAlways;
}

// `waiting`: for a migration entry to go, with a reference of its page.
enum class CpuFaultStage : unsigned { idle, looked_up, in_driver, returned, waiting };
constexpr Gate gate_of(CpuFaultStage stage) {
  return stage == CpuFaultStage::waiting ? Gate{&Scope::entry_waits} : Gate{&Scope::cpu_faults};
}

// What there is of a device's memory: nothing, a range of addresses, struct pages behind it, those
// after percpu_ref_kill(), and what memunmap_pages() has not come to when nobody is left.
enum class PagemapStage : unsigned { absent, requested, live, dying, reaped };
constexpr Gate gate_of(PagemapStage) { return {&Scope::regions}; }

// A device's mmu_interval_notifier: not there, on the list of what is put off, in the tree, on that
// list to leave it, out of the tree and not freed yet, or freed while it was on the list.
enum class NotifierStage : unsigned { absent, deferred, inserted, removing, removed, freed };
constexpr Gate gate_of(NotifierStage) { return {&Scope::closings}; }

}  // namespace hmm
