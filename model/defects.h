#pragma once
#include <array>

#include "model/profile.h"

// What kernels are known to get wrong: broken promises, and what never ends.
namespace hmm {

// What is known of each defect beside its switch.
struct Defect {
  const char* name;      // of the switch
  const char* promises;  // what the kernel promises instead
  const char* trace;     // the shortest that shows it: traces/defects/
  // The properties that it breaks, by name (null ends them), and a scope to see that at.
  std::array<const char*, 4> breaks{};
  const char* scope = nullptr;
};
inline constexpr std::array kDefects = {
    Defect{"range_fault_ignores_write",
           "hmm_range_fault() returns 0 only if every page has the rights that were asked for "
           "(Documentation/mm/hmm.rst); the device write then fails though the vma is writable",
           "range_fault_ignores_write.txt",
           {"range_fault_grants_what_it_returns"},
           "tiny"},
    Defect{"dmirror_update_end_inclusive",
           "an invalidation ends before mmu_notifier_range.end; only device faults are wasted",
           "dmirror_update_end_inclusive.txt"},
    Defect{"merge_drops_soft_dirty",
           "a page that is new or was written since clear_refs is soft-dirty "
           "(Documentation/admin-guide/mm/soft-dirty.rst)",
           "merge_drops_soft_dirty.txt",
           {"soft_dirty_is_kept"},
           "moves"},
    Defect{
        "restore_takes_exclusive",
        "an exclusive entry ends when its device is told (mm/rmap.c "
        "make_device_exclusive_range()), and a page that nobody uses is freed; device memory "
        "with such a page in it can never be released",
        "restore_takes_exclusive.txt",
        {"refcount_is_accounted", "exclusive_excludes", "mirror_matches_cpu", "sequence_protocol"},
        "coherent"},
    Defect{"restore_walks_freed_anon_vma",
           "who walks an anon_vma without the mmap lock keeps it alive (mm/rmap.c "
           "rmap_walk_anon_lock())",
           "restore_walks_freed_anon_vma.txt"},
    Defect{"unmap_forgives_device_ref",
           "a page with references that nobody accounts for is not migrated (mm/migrate_device.c "
           "migrate_device_unmap())",
           "unmap_forgives_device_ref.trace",
           {"cpu_coherence", "migration_goes_in_order"},
           "coherent_fork"},
    Defect{"clear_refs_keeps_swap_write",
           "a page that was written since clear_refs is soft-dirty "
           "(Documentation/admin-guide/mm/soft-dirty.rst)",
           "clear_refs_keeps_swap_write.txt",
           {"soft_dirty_is_kept"},
           "watched"},
    Defect{"private_forgets_soft_dirty",
           "a page that was written since clear_refs is soft-dirty "
           "(Documentation/admin-guide/mm/soft-dirty.rst)",
           "private_forgets_soft_dirty.txt",
           {"soft_dirty_is_kept"},
           "watched"},
    Defect{"reclaim_forgets_soft_dirty",
           "a page that was written since clear_refs is soft-dirty "
           "(Documentation/admin-guide/mm/soft-dirty.rst)",
           "reclaim_forgets_soft_dirty.trace",
           {"soft_dirty_is_kept"},
           "page_cache"},
    Defect{"free_region_within_limit",
           "device memory lies where no real memory can be, so that hotplug never conflicts with "
           "it (the cover letter of HMM v16, of what is intended)",
           "free_region_within_limit.trace",
           {"hotplug_finds_room"},
           "memory"},
};

// What never ends in kernels that go without a switch, where others begin nothing.
struct KnownHang {
  const char* name;
  const char* says;
  const char* cites;  // what mended it
  const char* claim;  // of liveness that does not hold, and a scope to see that at
  const char* scope;
  const char* mended_by;  // a switch
  const char* needs;      // a switch without which there is none either; null is none such
  bool mended_to = true;  // the value of the switch that mends it
};
inline constexpr std::array kHangs = {
    KnownHang{"faults_keep_each_other_from_migrating",
              "each CPU fault on a device private page takes a reference before it calls the "
              "driver, and the migration of each fails for the references of the others",
              "1afaeb8293c9 (6.15)", "cpu_accesses_end", "returns", "fault_locks_page",
              "fault_takes_page_ref"},
    KnownHang{"exclusive_page_is_never_evicted",
              "a page of coherent memory that a device has exclusively is mapped by nobody and "
              "has a reference, so that it does not migrate, however often that is tried",
              "f495bd7e0d9b (6.15)", "evictions_end", "coherent", "exclusive_keeps_rmap", nullptr},
    KnownHang{"write_walk_of_read_only_vma_never_ends",
              "hmm_range_fault() that asks to write where the vma forbids it faults for ever, as "
              "no fault makes the pte writable",
              "c18ce674d548 (5.8)", "what_is_in_flight_ends", "tiny", "range_fault_checks_vm_write",
              nullptr},
    KnownHang{"waiters_keep_a_page_from_migrating",
              "each CPU fault that waits for a migration entry has a reference of its page, for "
              "which the migration fails; each of them tries the next one",
              "ffa65753c431 (5.17)", "cpu_accesses_end", "waiters", "migration_wait_takes_page_ref",
              nullptr, false},
};

// The profile without the defects that break properties: a search would come by nothing else.
constexpr Profile without_breaking_defects(Profile k) {
  for (const auto& defect : kDefects)
    if (defect.breaks[0] != nullptr) k.*switch_named(defect.name)->at = false;
  return k;
}

constexpr bool hangs(const Profile& k, const KnownHang& hang) {
  return (hang.needs == nullptr || k.*switch_named(hang.needs)->at) &&
         k.*switch_named(hang.mended_by)->at != hang.mended_to;
}
// The profile with what mends its hangs: a search for others would come by nothing else.
constexpr Profile without_known_hangs(Profile k) {
  for (const auto& hang : kHangs)
    if (hangs(k, hang)) k.*switch_named(hang.mended_by)->at = hang.mended_to;
  return k;
}

}  // namespace hmm
