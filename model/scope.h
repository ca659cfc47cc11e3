#pragma once

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
  unsigned entry_waits = 0;       // of the CPU faults, those that may wait for a migration entry
  unsigned exclusives = 0;        // of the device faults, those that may ask for exclusive access
  unsigned evictions = 0;         // of the migrations, those that may be of a range of frames
  unsigned holds = 1;             // FOLL_GET and FOLL_PIN references outstanding at once
  unsigned files = 0;             // shmem objects mapped at once
  unsigned dirty_bits = 0;        // whether ptes have their dirty bits
  unsigned soft_dirty_bits = 0;   // whether ptes and vmas have their soft-dirty bits
  unsigned tokens = 2;            // distinct page contents; 0 is the zero-filled page
  // Ranges of physical addresses where memory may be, each as large as a device's; in the last no
  // platform can have any. 0: what memory there is is not asked.
  unsigned regions = 0;
  unsigned memories = 8;  // the first so many devices have their memory from the start

  // Whether devices' notifiers are inserted and removed; else each is there from the start.
  unsigned closings = 0;
  unsigned mirrors = 8;  // the first so many devices have one from the start

  // Whether drivers keep what is behind a frame: a list of those that they can hand out, a buffer.
  unsigned buffers = 0;

  // Whether reclaim drops pages that are not dirty, of files and of MADV_FREE; needs dirty bits.
  unsigned reclaims = 0;

  // Whether MADV_FREE gives pages up, which reclaim may then drop; needs that it does.
  unsigned lazyfrees = 0;

  // Slots of swap, one at most, to which anonymous pages are reclaimed; needs dirty bits.
  unsigned swaps = 0;

  friend constexpr bool operator==(const Scope&, const Scope&) = default;
};

// One of the sizes of a scope, by which things of one sort are told from those of another.
using Size = unsigned Scope::*;

// When a scope has something: when it has more than `above` of the size. Without a size, always.
struct Gate {
  Size size = nullptr;
  unsigned above = 0;
  constexpr bool is_open(const Scope& s) const { return size == nullptr || s.*size > above; }
  friend constexpr bool operator==(const Gate&, const Gate&) = default;
};
inline constexpr Gate kAlways{};

// The values first .. first + count - 1; none if count is 0.
struct Range {
  unsigned first, count;
  constexpr unsigned last() const { return first + count - 1; }
  constexpr bool has(unsigned value) const { return value >= first && value - first < count; }
};

}  // namespace hmm
