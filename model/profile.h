#pragma once
#include <array>
#include <string>
#include <string_view>

#include "model/drops.h"
#include "model/field_edit.h"

namespace hmm {

// Which kernel the rules are of: named switches, constant within a run. Each is one line of
// kSwitches below; the values come from a profile file (model/profiles/). And the rules that the
// run does without, the field that a step gets wrong, and whose text the steps are.
struct Profile {
  std::string name;
  // A build of edited rules (tools/rules) that is loaded; empty is this program's own text.
  std::string rules;
  Drops drops;
  FieldEdit edit;

  // Differences between kernels.
  bool fault_takes_page_ref = false;
  bool owner_filter = false;
  bool restore_checks_vm_write = false;
  bool anon_exclusive = true;
  bool reuse_counts_mappings = false;
  bool mmu_interval_notifier = true;
  bool invalidate_at_start = true;
  bool collect_keeps_private_write = true;
  bool rmap_finds_private = true;
  bool migrate_vma_selects = true;
  bool range_fault_checks_vm_write = true;
  bool mprotect_checks_dirty = false;
  bool mprotect_returns_account = true;
  bool fault_locks_vma = true;
  bool madvise_locks_vma = false;
  bool fault_locks_page = false;
  bool exclusive_keeps_rmap = false;
  bool merge_takes_either_anon_vma = false;
  bool mremap_checks_overlap_first = false;
  bool migrated_hole_is_mapped_read_only = false;
  bool exclusive_goes_page_by_page = false;
  bool migration_wait_takes_page_ref = false;
  bool pages_hold_pagemap = true;
  bool swapin_maps_writable = true;
  bool migrate_frees_swap = true;
  bool collect_marks_dirty = true;

  // Defects: what a kernel or its test driver does, on in the profiles of those that have them, and
  // promises not to. model/defects.h says more.
  bool range_fault_ignores_write = false;
  bool dmirror_update_end_inclusive = false;
  bool merge_drops_soft_dirty = false;
  bool restore_takes_exclusive = false;
  bool restore_walks_freed_anon_vma = false;
  bool unmap_forgives_device_ref = false;
  bool clear_refs_keeps_swap_write = false;
  bool private_forgets_soft_dirty = false;
  bool reclaim_forgets_soft_dirty = false;
  bool free_region_within_limit = false;

  // Rules a kernel or driver must keep. Off is a bug put in on purpose.
  bool invalidate_sets_seq = true;
  bool invalidate_clears_mirror = true;
  bool own_migrate_event_sets_seq = true;
  bool commit_checks_seq = true;
  bool collect_checks_pin = true;
  bool unmap_checks_refcount = true;
  bool fork_downgrades_private = true;
  bool mprotect_downgrades_private = true;
  bool zap_keeps_migration_ref = true;
  bool zap_drops_private_rmap = true;
  bool reuse_checks_refcount = true;
  bool finalize_unlocks_source = true;
  bool finalize_restores_others = true;
  bool failed_copy_is_sigbus = true;
  bool busy_page_is_not_sigbus = true;
  bool restore_keeps_write_bit = true;
  bool restore_notifies = true;
  bool zap_drops_exclusive_ref = true;
  bool fork_restores_exclusive = true;
  bool eviction_locks_page = true;
  bool migrate_refuses_cached = true;
  bool gup_skips_private = true;
  bool memunmap_unindexes_first = true;
  bool removal_waits_for_drain = true;
  bool commit_holds_lock = true;
  bool driver_holds_buffer = true;
  bool driver_waits_for_clear = true;
  bool driver_marks_dirty = true;

  // What drivers, and who holds pages, are taken to do where it is asked what ends.
  bool driver_gives_pages_back = true;
  bool worker_passes_over_failures = true;
  bool holder_lets_go = true;
  bool driver_empties_memory = true;

  friend bool operator==(const Profile&, const Profile&) = default;
};

enum class SwitchGroup { kernel, defect, rule, policy };

struct Switch {
  const char* name;
  bool Profile::*at;
  SwitchGroup group;
  const char* says;    // what holds when it is on
  const char* source;  // commit or place in the kernel
};

inline constexpr std::array kSwitches = {
    Switch{"fault_takes_page_ref", &Profile::fault_takes_page_ref, SwitchGroup::kernel,
           "a CPU fault on device memory holds a page reference while the driver runs",
           "16ce101db85d, mm/memory.c do_swap_page()"},
    Switch{"owner_filter", &Profile::owner_filter, SwitchGroup::kernel,
           "migrate_vma and hmm_range_fault compare pgmap->owner with the caller's owner",
           "mm/migrate_device.c migrate_vma_collect_pmd(), mm/hmm.c hmm_vma_handle_pte()"},
    Switch{"restore_checks_vm_write", &Profile::restore_checks_vm_write, SwitchGroup::kernel,
           "a writable migration entry is restored writable only if the vma has VM_WRITE",
           "6.1 mm/migrate.c remove_migration_pte() maybe_mkwrite; 6.12 pte_mkwrite"},
    Switch{"anon_exclusive", &Profile::anon_exclusive, SwitchGroup::kernel,
           "an anonymous page that one process has to itself says so in PG_anon_exclusive",
           "6c287605fd56, mm/memory.c do_wp_page()"},
    Switch{"reuse_counts_mappings", &Profile::reuse_counts_mappings, SwitchGroup::kernel,
           "a write fault reuses a page that is mapped once, whatever its references, and waits "
           "for a locked one",
           "09854ba94c6a; 4.14 mm/swapfile.c reuse_swap_page()"},
    Switch{"mmu_interval_notifier", &Profile::mmu_interval_notifier, SwitchGroup::kernel,
           "a walk is judged by a sequence number and begins while no range is open; else by "
           "hmm_range.valid, under the mmap lock",
           "99cb252f5e68, mm/mmu_notifier.c mmu_interval_read_begin()"},
    Switch{"invalidate_at_start", &Profile::invalidate_at_start, SwitchGroup::kernel,
           "the driver's callback runs before the ptes change; else when the range ends",
           "ec131b2d7fa6, mm/mmu_notifier.c mn_itree_invalidate()"},
    Switch{"collect_keeps_private_write", &Profile::collect_keeps_private_write,
           SwitchGroup::kernel,
           "collecting a writable device private entry leaves a writable migration entry",
           "mm/migrate_device.c migrate_vma_collect_pmd(), is_writable_device_private_entry()"},
    Switch{"rmap_finds_private", &Profile::rmap_finds_private, SwitchGroup::kernel,
           "unmapping a device page finds its entries in every address space",
           "mm/page_vma_mapped.c map_pte()"},
    Switch{"migrate_vma_selects", &Profile::migrate_vma_selects, SwitchGroup::kernel,
           "migrate_vma takes only the memory that its flags select",
           "5143192cd410, mm/migrate_device.c migrate_vma_collect_pmd()"},
    Switch{"range_fault_checks_vm_write", &Profile::range_fault_checks_vm_write,
           SwitchGroup::kernel,
           "asking hmm_range_fault() to write where the vma forbids it is refused",
           "c18ce674d548, mm/hmm.c hmm_vma_fault()"},
    Switch{"mprotect_checks_dirty", &Profile::mprotect_checks_dirty, SwitchGroup::kernel,
           "mprotect makes an exclusive page writable at once only if its pte is dirty",
           "6.1 mm/mprotect.c can_change_pte_writable()"},
    Switch{"mprotect_returns_account", &Profile::mprotect_returns_account, SwitchGroup::kernel,
           "a vma without anon_vma that mprotect makes read-only gives its VM_ACCOUNT back, and so "
           "merges with others",
           "6.12 mm/mprotect.c mprotect_fixup()"},
    Switch{"fault_locks_vma", &Profile::fault_locks_vma, SwitchGroup::kernel,
           "a CPU fault takes the lock of its vma, and so does not wait for who changes others; "
           "else the mmap lock",
           "6.12 mm/memory.c lock_vma_under_rcu(), arch/x86/mm/fault.c do_user_addr_fault()"},
    Switch{"madvise_locks_vma", &Profile::madvise_locks_vma, SwitchGroup::kernel,
           "MADV_DONTNEED within one vma takes the lock of that, and neither waits for who changes "
           "others nor keeps them waiting; else the mmap lock",
           "7.3 mm/madvise.c get_lock_mode(), try_vma_read_lock()"},
    Switch{"fault_locks_page", &Profile::fault_locks_page, SwitchGroup::kernel,
           "a CPU fault on device memory has the lock of its page before it takes a reference, and "
           "keeps it while the driver runs; who finds it locked waits and holds nothing",
           "1afaeb8293c9, 7.3 mm/memory.c do_swap_page()"},
    Switch{
        "exclusive_keeps_rmap", &Profile::exclusive_keeps_rmap, SwitchGroup::kernel,
        "a device exclusive entry maps its page: it counts, migration unmaps it as any other, "
        "and what it may be once it is restored follows from the vma and PG_anon_exclusive; else "
        "it has but a reference, and remembers the right to write",
        "7.3 mm/rmap.c make_device_exclusive(), mm/memory.c restore_exclusive_pte()"},
    Switch{
        "merge_takes_either_anon_vma", &Profile::merge_takes_either_anon_vma, SwitchGroup::kernel,
        "a vma that has an anon_vma merges with one that has none, whichever of them grows; else "
        "only the one that grows may have it",
        "7.3 mm/vma.c is_mergeable_anon_vma()"},
    Switch{"mremap_checks_overlap_first", &Profile::mremap_checks_overlap_first,
           SwitchGroup::kernel,
           "mremap() of a page to where it is is refused at once; else it waits for the mmap lock "
           "and asks for the vma first",
           "7.3 mm/mremap.c check_mremap_params(); 6.12 mm/mremap.c mremap_to()"},
    Switch{
        "migrated_hole_is_mapped_read_only", &Profile::migrated_hole_is_mapped_read_only,
        SwitchGroup::kernel,
        "the test driver maps what it migrated writable only if it was there and writable before; "
        "else a hole too, by the vma's rights",
        "7.3 lib/test_hmm.c dmirror_migrate_alloc_and_copy()"},
    Switch{
        "exclusive_goes_page_by_page", &Profile::exclusive_goes_page_by_page, SwitchGroup::kernel,
        "the test driver maps each page that it gets exclusively at once, and stops at the first "
        "that it does not get, with that page's error; else it maps all or none, and says EBUSY",
        "7.3 lib/test_hmm.c dmirror_exclusive()"},
    Switch{"migration_wait_takes_page_ref", &Profile::migration_wait_takes_page_ref,
           SwitchGroup::kernel,
           "a CPU fault that waits for a migration entry has a reference of its page meanwhile",
           "ffa65753c431, 4.14 mm/migrate.c __migration_entry_wait()"},
    Switch{"pages_hold_pagemap", &Profile::pages_hold_pagemap, SwitchGroup::kernel,
           "a device page in use has a reference on its struct dev_pagemap, for whose last "
           "memunmap_pages() waits",
           "0dc45ca1ce18, mm/memremap.c zone_device_page_init(), free_zone_device_folio()"},
    Switch{"range_fault_ignores_write", &Profile::range_fault_ignores_write, SwitchGroup::defect,
           "hmm_range_fault() that asks to write the caller's own private page behind a readable "
           "entry returns it read-only",
           "mm/hmm.c hmm_vma_handle_pte()"},
    Switch{"dmirror_update_end_inclusive", &Profile::dmirror_update_end_inclusive,
           SwitchGroup::defect,
           "the test driver drops the entry of the page after an invalidated range as well",
           "lib/test_hmm.c dmirror_do_update()"},
    Switch{"merge_drops_soft_dirty", &Profile::merge_drops_soft_dirty, SwitchGroup::defect,
           "a vma that merges with another loses its VM_SOFTDIRTY to it",
           "mm/vma.c is_mergeable_vma(), mm/mprotect.c mprotect_fixup()"},
    Switch{"restore_takes_exclusive", &Profile::restore_takes_exclusive, SwitchGroup::defect,
           "remove_migration_ptes() takes a device exclusive entry for a migration entry: the page "
           "is mapped, no device is told, and the reference that the entry kept is never dropped",
           "mm/page_vma_mapped.c check_pte(), mended by 7b2e497a42cd; mm/migrate.c "
           "remove_migration_pte()"},
    Switch{
        "restore_walks_freed_anon_vma", &Profile::restore_walks_freed_anon_vma, SwitchGroup::defect,
        "remove_migration_ptes() of a device page that nobody maps follows it to an anon_vma that "
        "may be freed; what comes of it is undefined",
        "mm/rmap.c rmap_walk_anon_lock(), mm/migrate_device.c migrate_device_unmap() and "
        "migrate_device_finalize()"},
    Switch{"unmap_forgives_device_ref", &Profile::unmap_forgives_device_ref, SwitchGroup::defect,
           "migrate_device_unmap() lets a device page have one reference that nobody accounts for: "
           "it is copied while it is held, and what is written to it before it is given back is "
           "lost",
           "mm/migrate_device.c migrate_vma_check_page()"},
    Switch{"clear_refs_keeps_swap_write", &Profile::clear_refs_keeps_swap_write,
           SwitchGroup::defect,
           "clear_refs leaves a writable migration or device private entry writable, and what is "
           "stored once the page is back is not noticed",
           "fs/proc/task_mmu.c clear_soft_dirty(), mm/migrate.c remove_migration_pte()"},
    Switch{"private_forgets_soft_dirty", &Profile::private_forgets_soft_dirty, SwitchGroup::defect,
           "a device private entry that mprotect, fork or migrate_vma_pages() makes anew is not "
           "soft-dirty, and so neither is its page once it is back",
           "mm/mprotect.c change_pte_range(), mm/memory.c copy_nonpresent_pte(), "
           "mm/migrate_device.c migrate_vma_insert_page()"},
    Switch{"reclaim_forgets_soft_dirty", &Profile::reclaim_forgets_soft_dirty, SwitchGroup::defect,
           "reclaim empties the entry of a page of a file, and with it goes that it was soft-dirty",
           "mm/rmap.c try_to_unmap_one()"},
    Switch{"free_region_within_limit", &Profile::free_region_within_limit, SwitchGroup::defect,
           "request_free_mem_region() takes addresses where memory may be plugged in later, which "
           "then fails",
           "kernel/resource.c gfr_start(), a known issue of v16's cover letter"},
    Switch{"invalidate_sets_seq", &Profile::invalidate_sets_seq, SwitchGroup::rule,
           "the driver's invalidate callback calls mmu_interval_set_seq()",
           "mm/mmu_notifier.c mmu_interval_notifier_insert(), include/linux/mmu_notifier.h "
           "mmu_interval_set_seq()"},
    Switch{"invalidate_clears_mirror", &Profile::invalidate_clears_mirror, SwitchGroup::rule,
           "the driver's invalidate callback drops the device ptes of the range",
           "Documentation/mm/hmm.rst, lib/test_hmm.c dmirror_interval_invalidate()"},
    Switch{"own_migrate_event_sets_seq", &Profile::own_migrate_event_sets_seq, SwitchGroup::rule,
           "the driver also sets the sequence for MMU_NOTIFY_MIGRATE events of its own",
           "lib/test_hmm.c dmirror_interval_invalidate() returns early for those"},
    Switch{"commit_checks_seq", &Profile::commit_checks_seq, SwitchGroup::rule,
           "the driver installs a walk's result only if mmu_interval_read_retry() is false",
           "mm/mmu_notifier.c mmu_interval_read_begin(), Documentation/mm/hmm.rst"},
    Switch{"collect_checks_pin", &Profile::collect_checks_pin, SwitchGroup::rule,
           "collect leaves an exclusive page that may be pinned where it is",
           "mm/migrate_device.c migrate_vma_collect_pmd(), folio_try_share_anon_rmap_pte()"},
    Switch{"unmap_checks_refcount", &Profile::unmap_checks_refcount, SwitchGroup::rule,
           "a page with references nobody accounts for is not migrated",
           "mm/migrate_device.c migrate_vma_check_page(), mm/migrate.c folio_migrate_mapping()"},
    Switch{"fork_downgrades_private", &Profile::fork_downgrades_private, SwitchGroup::rule,
           "fork turns a writable device private entry into a readable one on both sides",
           "mm/memory.c copy_nonpresent_pte()"},
    Switch{"mprotect_downgrades_private", &Profile::mprotect_downgrades_private, SwitchGroup::rule,
           "mprotect turns a writable device private entry into a readable one",
           "mm/mprotect.c change_pte_range()"},
    Switch{"zap_keeps_migration_ref", &Profile::zap_keeps_migration_ref, SwitchGroup::rule,
           "zapping a migration entry drops no page reference: the entry holds none",
           "mm/memory.c zap_pte_range()"},
    Switch{"zap_drops_private_rmap", &Profile::zap_drops_private_rmap, SwitchGroup::rule,
           "zapping a device private entry drops its mapcount", "mm/memory.c zap_pte_range()"},
    Switch{"reuse_checks_refcount", &Profile::reuse_checks_refcount, SwitchGroup::rule,
           "a write fault reuses a page that is not exclusive only at reference count one",
           "mm/memory.c wp_can_reuse_anon_folio()"},
    Switch{"finalize_unlocks_source", &Profile::finalize_unlocks_source, SwitchGroup::rule,
           "finalize unlocks the source page", "mm/migrate_device.c migrate_device_finalize()"},
    Switch{"finalize_restores_others", &Profile::finalize_restores_others, SwitchGroup::rule,
           "finalize replaces the migration entries of every address space",
           "mm/migrate.c remove_migration_ptes()"},
    Switch{"failed_copy_is_sigbus", &Profile::failed_copy_is_sigbus, SwitchGroup::rule,
           "a fault whose page a failed device could not copy back returns VM_FAULT_SIGBUS",
           "mm/migrate_device.c migrate_vma_setup()"},
    Switch{"busy_page_is_not_sigbus", &Profile::busy_page_is_not_sigbus, SwitchGroup::rule,
           "a fault whose page merely could not be unmapped returns 0, and is tried again",
           "lib/test_hmm.c dmirror_devmem_fault()"},
    Switch{"restore_keeps_write_bit", &Profile::restore_keeps_write_bit, SwitchGroup::rule,
           "a readable migration entry is restored read-only",
           "mm/migrate.c remove_migration_pte()"},
    Switch{"restore_notifies", &Profile::restore_notifies, SwitchGroup::rule,
           "the devices are told before a device exclusive entry becomes a present pte",
           "mm/memory.c remove_device_exclusive_entry()"},
    Switch{"zap_drops_exclusive_ref", &Profile::zap_drops_exclusive_ref, SwitchGroup::rule,
           "zapping a device exclusive entry drops the reference it kept",
           "mm/memory.c zap_pte_range()"},
    Switch{"fork_restores_exclusive", &Profile::fork_restores_exclusive, SwitchGroup::rule,
           "fork restores a device exclusive entry before it copies it",
           "mm/memory.c copy_nonpresent_pte(), try_restore_exclusive_pte()"},
    Switch{"eviction_locks_page", &Profile::eviction_locks_page, SwitchGroup::rule,
           "migrate_device_range() passes over a locked page",
           "mm/migrate_device.c migrate_device_range(), folio_trylock()"},
    Switch{"migrate_refuses_cached", &Profile::migrate_refuses_cached, SwitchGroup::rule,
           "a page of the page cache does not move to a device",
           "mm/migrate_device.c migrate_vma_pages()"},
    Switch{"gup_skips_private", &Profile::gup_skips_private, SwitchGroup::rule,
           "get_user_pages() sees no page in a device private entry, and faults",
           "mm/gup.c follow_page_pte()"},
    Switch{"driver_gives_pages_back", &Profile::driver_gives_pages_back, SwitchGroup::policy,
           "a driver that is able to gives a page back to the CPU, once there is memory for it",
           "include/linux/memremap.h dev_pagemap_ops.migrate_to_ram, Documentation/mm/hmm.rst"},
    Switch{"worker_passes_over_failures", &Profile::worker_passes_over_failures,
           SwitchGroup::policy,
           "a driver that walks page after page goes on to the next when one fails; else it begins "
           "anew at the first that it has not mapped",
           "drivers/gpu/drm/amd/amdkfd/kfd_svm.c svm_range_restore_work()"},
    Switch{"holder_lets_go", &Profile::holder_lets_go, SwitchGroup::policy,
           "who holds a page lets go of it in the end",
           "Documentation/core-api/pin_user_pages.rst, FOLL_LONGTERM"},
    Switch{"driver_empties_memory", &Profile::driver_empties_memory, SwitchGroup::policy,
           "a driver that removes its memory migrates home what is in it",
           "lib/test_hmm.c dmirror_device_evict_chunk()"},
    Switch{"memunmap_unindexes_first", &Profile::memunmap_unindexes_first, SwitchGroup::rule,
           "memunmap_pages() makes a struct dev_pagemap unfindable before it ends its percpu_ref",
           "1e57ffb6e3fd, mm/memremap.c memunmap_pages()"},
    Switch{"removal_waits_for_drain", &Profile::removal_waits_for_drain, SwitchGroup::rule,
           "who removes an interval notifier while a range is open waits until it has left the "
           "list of what is put off; else only until the number of the address space moved",
           "319561669a59, mm/mmu_notifier.c mmu_interval_seq_released()"},
    Switch{"commit_holds_lock", &Profile::commit_holds_lock, SwitchGroup::rule,
           "a driver keeps the lock under which it called mmu_interval_read_retry() until its page "
           "table has what the walk returned",
           "include/linux/mmu_notifier.h mmu_interval_read_retry()"},
    Switch{
        "driver_holds_buffer", &Profile::driver_holds_buffer, SwitchGroup::rule,
        "a driver that migrates pages to a buffer holds it until it is done with that; else only "
        "the pages do",
        "\"drm/xe/svm: Fix a potential bo UAF\" (6.15)"},
    Switch{"driver_waits_for_clear", &Profile::driver_waits_for_clear, SwitchGroup::rule,
           "a driver puts memory to use when the device has cleared it", "754c23238438"},
    Switch{"swapin_maps_writable", &Profile::swapin_maps_writable, SwitchGroup::kernel,
           "a read fault that swaps an exclusive page in maps it writable; else only a write fault "
           "does",
           "mm/memory.c do_swap_page()"},
    Switch{"migrate_frees_swap", &Profile::migrate_frees_swap, SwitchGroup::kernel,
           "a page of the swap cache gives up its slot to migrate to a device; else it is refused",
           "df263d9a7dff (6.4), mm/migrate_device.c __migrate_device_pages()"},
    Switch{"collect_marks_dirty", &Profile::collect_marks_dirty, SwitchGroup::kernel,
           "migrate_vma_collect_pmd() marks the page dirty whose dirty pte it replaces",
           "fd35ca3d12cc (6.1), mm/migrate_device.c migrate_vma_collect_pmd()"},
    Switch{"driver_marks_dirty", &Profile::driver_marks_dirty, SwitchGroup::rule,
           "a driver marks the page dirty that its device may write from now on",
           "drivers/infiniband/core/umem_odp.c ib_umem_odp_unmap_dma_pages()"},
};

constexpr const Switch* switch_named(std::string_view name) {
  for (const auto& s : kSwitches)
    if (name == s.name) return &s;
  return nullptr;
}

}  // namespace hmm
