#pragma once
#include <array>
#include <bit>
#include <string_view>

#include "model/enumerations.h"

// How many of everything a run has. A scope bounds sizes, never protocols.
namespace hmm {

struct Scope {
  unsigned mms = 1;           // address spaces, alive or not yet forked
  unsigned mirrored_mms = 1;  // of those, the first so many that devices mirror
  unsigned vpns = 1;          // virtual pages per address space
  unsigned system_pages = 1;  // frames the kernel's allocator owns
  unsigned device_pages = 1;  // ZONE_DEVICE frames of each device
  unsigned devices = 1;
  unsigned coherent_devices = 0;  // of those, the last so many have MEMORY_DEVICE_COHERENT
  unsigned invalidations = 1;     // notifier ranges open at once
  unsigned migrations = 1;        // migrate_vma in flight at once
  unsigned device_faults = 1;     // device page faults in flight at once
  unsigned cpu_faults = 1;        // CPU faults on device memory in flight at once
  unsigned exclusives = 0;        // of the device faults, those that may ask for exclusive access
  unsigned evictions = 0;         // of the migrations, those that may be of a range of frames
  unsigned holds = 1;             // FOLL_GET and FOLL_PIN references outstanding at once
  unsigned files = 0;             // shmem objects mapped at once
  unsigned dirty_bits = 0;        // whether ptes have their dirty and soft-dirty bits
  unsigned tokens = 2;            // distinct page contents; 0 is the zero-filled page

  constexpr unsigned pfns() const { return system_pages + devices * device_pages; }
  friend constexpr bool operator==(const Scope&, const Scope&) = default;
};

// What a field ranges over. The scope turns a kind into a range, the range into a width.
enum class Kind {
  flag,
  mm,
  mirrored_mm,  // an address space that devices mirror
  vpn,
  pfn,         // any frame; 0 in a field is the zero page, or no page
  system_pfn,  // a frame of system memory
  device_pfn,  // a frame of some device's memory
  device,
  file,      // a shmem object
  file_ref,  // 0 is none, else one more than the file
  token,
  hold,
  refcount,
  mapcount,
  invalidation,
  migration,
  device_fault,
  cpu_fault,
  exclusive,   // a device fault that may ask for exclusive access
  eviction,    // a migration that may be of a range of frames
  watch,       // a notifier range that may be of clear_refs
  dirty_flag,  // flags that a scope without what they are about keeps clear
  exclusive_flag,
  eviction_flag,
  pte_kind,
  range_op,
  migration_stage,
  entry_stage,
  device_fault_stage,
  cpu_fault_stage,
};

// Printed names of the kinds that are enumerations, in enumerator order.
std::string_view enumerator_name(Kind kind, unsigned value);
constexpr unsigned enumerators(Kind kind) {
  switch (kind) {
    case Kind::pte_kind:
      return 5;
    case Kind::range_op:
      return 12;
    case Kind::migration_stage:
      return 4;
    case Kind::entry_stage:
      return 5;
    case Kind::device_fault_stage:
      return 5;
    case Kind::cpu_fault_stage:
      return 4;
    default:
      return 0;
  }
}

constexpr Kind kind_of(PteKind) { return Kind::pte_kind; }
constexpr Kind kind_of(RangeOp) { return Kind::range_op; }
constexpr Kind kind_of(MigrationStage) { return Kind::migration_stage; }
constexpr Kind kind_of(EntryStage) { return Kind::entry_stage; }
constexpr Kind kind_of(DeviceFaultStage) { return Kind::device_fault_stage; }
constexpr Kind kind_of(CpuFaultStage) { return Kind::cpu_fault_stage; }

// Whether a run at the scope can come by the value: what is about something that the scope has none
// of it cannot.
constexpr bool has_enumerator(Kind kind, unsigned value, const Scope& s) {
  if (value == 0) return true;
  switch (kind) {
    case Kind::pte_kind:
      switch (static_cast<PteKind>(value)) {
        case PteKind::device_private:
        case PteKind::migration:
          return s.migrations != 0;
        case PteKind::device_exclusive:
          return s.exclusives != 0;
        default:
          return true;
      }
    case Kind::range_op:
      switch (static_cast<RangeOp>(value)) {
        case RangeOp::fork:
          return s.mms > 1;
        case RangeOp::migrate:
        case RangeOp::insert:
          return s.migrations != 0;
        case RangeOp::exclusive:
        case RangeOp::restore:
          return s.exclusives != 0;
        case RangeOp::mremap:
          return s.vpns > 1;
        case RangeOp::clear_refs:
          return s.dirty_bits != 0;
        default:
          return true;
      }
    case Kind::migration_stage:
    case Kind::entry_stage:
      return s.migrations != 0;
    case Kind::device_fault_stage:
      return value <= static_cast<unsigned>(DeviceFaultStage::walked) ? s.device_faults != 0
                                                                      : s.exclusives != 0;
    case Kind::cpu_fault_stage:
      return s.cpu_faults != 0;
    default:
      return true;
  }
}

// The values first .. first + count - 1; none if count is 0.
struct Range {
  unsigned first, count;
  constexpr unsigned last() const { return first + count - 1; }
};

// Whoever can hold a reference on one page at once; bounds refcount.
constexpr unsigned holders(const Scope& s) {
  return s.mms * s.vpns + s.files + s.holds + s.cpu_faults + s.exclusives + 2 * s.migrations +
         2 * s.invalidations;
}

[[gnu::always_inline]] constexpr Range range_of(Kind kind, const Scope& s) {
  switch (kind) {
    case Kind::flag:
      return {0, 2};
    case Kind::mm:
      return {0, s.mms};
    case Kind::mirrored_mm:
      return {0, s.mirrored_mms};
    case Kind::vpn:
      return {0, s.vpns};
    case Kind::pfn:
      return {1, s.pfns()};
    case Kind::system_pfn:
      return {1, s.system_pages};
    case Kind::device_pfn:
      return {1 + s.system_pages, s.devices * s.device_pages};
    case Kind::device:
      return {0, s.devices};
    case Kind::file:
      return {0, s.files};
    case Kind::file_ref:
      return {0, s.files + 1};
    case Kind::token:
      return {0, s.tokens};
    case Kind::hold:
      return {0, s.holds + 1};
    case Kind::refcount:
      return {0, holders(s) + 2};
    case Kind::mapcount:
      return {0, s.mms * s.vpns + 1};
    case Kind::invalidation:
      return {0, s.invalidations};
    case Kind::migration:
      return {0, s.migrations};
    case Kind::device_fault:
      return {0, s.device_faults};
    case Kind::cpu_fault:
      return {0, s.cpu_faults};
    case Kind::exclusive:
      return {0, s.exclusives};
    case Kind::eviction:
      return {0, s.evictions};
    case Kind::dirty_flag:
      return {0, s.dirty_bits == 0 ? 1u : 2u};
    case Kind::exclusive_flag:
      return {0, s.exclusives == 0 ? 1u : 2u};
    case Kind::eviction_flag:
      return {0, s.evictions == 0 ? 1u : 2u};
    case Kind::watch:
      return {0, s.dirty_bits == 0 ? 0 : s.invalidations};
    case Kind::pte_kind:
    case Kind::range_op:
    case Kind::migration_stage:
    case Kind::entry_stage:
    case Kind::device_fault_stage:
    case Kind::cpu_fault_stage:
      break;
  }
  unsigned last = 0;
  for (unsigned v = 0; v < enumerators(kind); ++v)
    if (has_enumerator(kind, v, s)) last = v;
  return {0, last + 1};
}

// Bits that hold every value of the kind, and 0. At least one.
constexpr unsigned width_of(Kind kind, const Scope& s) {
  const Range range = range_of(kind, s);
  const unsigned last = range.count == 0 ? 0 : range.last();
  return last == 0 ? 1 : static_cast<unsigned>(std::bit_width(last));
}

}  // namespace hmm
