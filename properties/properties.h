#pragma once
#include <tuple>

#include "properties/buffer_outlives_its_users.h"
#include "properties/buffers_are_well_formed.h"
#include "properties/clean_pages_are_well_formed.h"
#include "properties/cpu_coherence.h"
#include "properties/cpu_faults_are_well_formed.h"
#include "properties/device_coherence.h"
#include "properties/device_ranges_are_disjoint.h"
#include "properties/dirty_is_never_lost.h"
#include "properties/entries_have_the_bits_of_their_kind.h"
#include "properties/exclusive_excludes.h"
#include "properties/exclusive_page_is_not_shared.h"
#include "properties/files_are_well_formed.h"
#include "properties/fork_copies_the_address_space.h"
#include "properties/free_exactly_once.h"
#include "properties/held_page_stays.h"
#include "properties/hotplug_finds_room.h"
#include "properties/locks_are_released.h"
#include "properties/mapcount_is_accounted.h"
#include "properties/migration_goes_in_order.h"
#include "properties/migration_is_all_or_nothing.h"
#include "properties/migrations_are_well_formed.h"
#include "properties/mirror_matches_cpu.h"
#include "properties/mm_outlives_its_users.h"
#include "properties/mmap_lock_excludes.h"
#include "properties/no_leak.h"
#include "properties/no_pinned_device_page.h"
#include "properties/no_stale_install.h"
#include "properties/notifier_outlives_its_callbacks.h"
#include "properties/notifiers_are_well_formed.h"
#include "properties/owner_isolation.h"
#include "properties/pagemap_is_accounted.h"
#include "properties/pagemaps_are_well_formed.h"
#include "properties/pages_are_well_formed.h"
#include "properties/ptes_are_well_formed.h"
#include "properties/range_fault_grants_what_it_returns.h"
#include "properties/ranges_are_well_formed.h"
#include "properties/ranges_cover_what_changes.h"
#include "properties/refcount_is_accounted.h"
#include "properties/removed_device_holds_nothing.h"
#include "properties/rights_never_grow.h"
#include "properties/sequence_protocol.h"
#include "properties/sigbus_on_failure.h"
#include "properties/soft_dirty_is_kept.h"
#include "properties/swap_is_well_formed.h"

namespace hmm {

// The whole list: what must never happen first, then the named strengthenings that make it
// inductive. Adding one is a header and a name here.
using Properties =
    std::tuple<CpuCoherence, DeviceCoherence, MirrorMatchesCpu, NoStaleInstall, NoPinnedDevicePage,
               SigbusOnFailure, RefcountIsAccounted, MapcountIsAccounted, FreeExactlyOnce, NoLeak,
               MigrationIsAllOrNothing, RightsNeverGrow, ExclusiveExcludes, LocksAreReleased,
               OwnerIsolation, RangeFaultGrantsWhatItReturns, HeldPageStays, SoftDirtyIsKept,
               EntriesHaveTheBitsOfTheirKind, ExclusivePageIsNotShared, MigrationGoesInOrder,
               RangesCoverWhatChanges, ForkCopiesTheAddressSpace, MmapLockExcludes,
               MmOutlivesItsUsers, DeviceRangesAreDisjoint, HotplugFindsRoom,
               RemovedDeviceHoldsNothing, PagemapIsAccounted, NotifierOutlivesItsCallbacks,
               BufferOutlivesItsUsers, DirtyIsNeverLost, PtesAreWellFormed, PagesAreWellFormed,
               FilesAreWellFormed, RangesAreWellFormed, SequenceProtocol, MigrationsAreWellFormed,
               CpuFaultsAreWellFormed, PagemapsAreWellFormed, NotifiersAreWellFormed,
               BuffersAreWellFormed, SwapIsWellFormed, CleanPagesAreWellFormed>;

inline constexpr std::size_t kProperties = std::tuple_size_v<Properties>;

}  // namespace hmm
