#include "model/verdict.h"

namespace hmm {

const char* sentence_of(Verdict v) {
  switch (v) {
    case Verdict::ok:
      return "it takes effect";
    case Verdict::retry:
      return "an invalidation overtook the walk, which starts again";
    case Verdict::efault:
      return "the device's caller gets -EFAULT";
    case Verdict::eperm:
      return "a write was asked of a vma without VM_WRITE: -EPERM";
    case Verdict::sigbus:
      return "the process gets SIGBUS";
    case Verdict::restored:
      return "the page cannot be unmapped and stands where it was";
    case Verdict::refused:
      return "the page is not migrated; finalize will restore it";
    case Verdict::changed:
      return "the pte changed meanwhile, and what was prepared is dropped";
    case Verdict::shared:
      return "the pinned page is copied for the child at once";
    case Verdict::not_in_flight:
      return "rejected: the slot has no such operation in flight";
    case Verdict::slot_busy:
      return "rejected: the scope's slot is taken";
    case Verdict::wrong_stage:
      return "rejected: the operation is not at that stage";
    case Verdict::not_pending:
      return "rejected: nothing of the kind is left to do";
    case Verdict::still_pending:
      return "rejected: callbacks or ptes are still to do";
    case Verdict::not_alive:
      return "rejected: there is no such address space";
    case Verdict::mmap_lock_wait:
      return "waits for the mmap lock";
    case Verdict::no_vma:
      return "rejected: no vma";
    case Verdict::vma_exists:
      return "rejected: a vma is there already";
    case Verdict::bad_range:
      return "rejected: the range ends before it begins";
    case Verdict::no_permission:
      return "rejected: the rights do not allow it";
    case Verdict::pte_not_none:
      return "rejected: the pte is not empty";
    case Verdict::not_exclusive_entry:
      return "rejected: the pte is no device exclusive entry";
    case Verdict::not_migration_entry:
      return "rejected: no migration entry, or none that this kernel waits for with a reference";
    case Verdict::page_locked:
      return "waits for the page lock";
    case Verdict::page_is_free:
      return "rejected: the page is free";
    case Verdict::page_in_use:
      return "rejected: somebody uses the page";
    case Verdict::not_private_entry:
      return "rejected: the pte is no device private entry";
    case Verdict::not_swap_entry:
      return "rejected: the pte is no entry of a slot of swap";
    case Verdict::migration_entry_wait:
      return "waits for a migration entry to go";
    case Verdict::needs_fault:
      return "needs a CPU fault first";
    case Verdict::not_cow:
      return "rejected: not a read-only page that a write could take over";
    case Verdict::page_shared:
      return "rejected: others have the page, which must be copied";
    case Verdict::page_not_shared:
      return "rejected: nobody else has the page, which is reused";
    case Verdict::page_not_pinned:
      return "rejected: the page may be shared, and is";
    case Verdict::must_unshare:
      return "rejected: the page must be unshared first";
    case Verdict::no_free_page:
      return "rejected: that frame is not free";
    case Verdict::wrong_zone:
      return "rejected: that frame is not of the wanted memory";
    case Verdict::not_held:
      return "rejected: nobody holds such a reference";
    case Verdict::scope_limit:
      return "rejected: the scope has no room for it";
    case Verdict::invalidating:
      return "waits for a notifier range to close";
    case Verdict::no_mirror:
      return "rejected: the device has no such page table entry";
    case Verdict::device_failed:
      return "rejected: the device has failed";
    case Verdict::still_mapped:
      return "rejected: something is still mapped";
    case Verdict::in_flight:
      return "rejected: something is still in flight";
    case Verdict::wrong_place:
      return "rejected: such memory cannot be at these addresses";
    case Verdict::region_taken:
      return "rejected: something else has these addresses";
    case Verdict::no_memory:
      return "rejected: there is no such memory";
    case Verdict::pagemap_in_use:
      return "waits for the last reference on the device's struct dev_pagemap";
  }
  return "?";
}

}  // namespace hmm
