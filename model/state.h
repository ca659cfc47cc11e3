#pragma once
#include "model/domain/domain.h"
#include "model/sorts.h"

// The state: address spaces, frames, devices and their mirrors, and everything in flight.
namespace hmm {

// The enumerators that a run at the domain's scope can come by.
template <class D, GatedEnum Enum>
inline constexpr auto kHas = [] {
  std::array<bool, kEnumerators<Enum>> has{};
  for (unsigned e = 0; e < has.size(); ++e)
    has[e] = has_enumerator(sort::enumerator<Enum>, e, D::scope);
  return has;
}();

template <class D, class Enum>
[[gnu::always_inline]] inline typename D::Bool is(const typename D::Num& value,
                                                  Enum e) requires std::is_enum_v<Enum> {
  // What the scope has none of is nowhere.
  if constexpr (GatedEnum<Enum>)
    if (!kHas<D, Enum>[static_cast<std::size_t>(e)]) return typename D::Bool(false);
  return value == typename D::Num(static_cast<unsigned>(e));
}
template <class D, class Enum>
typename D::Num num(Enum e) {
  return typename D::Num(static_cast<unsigned>(e));
}

template <class D>
struct Mm {
  typename D::Bool alive{};
  static constexpr auto fields() { return Fields{field("alive", &Mm::alive)}; }
};

// The vma that covers one page: private anonymous memory, or a shared mapping of a shmem object.
template <class D>
struct Vma {
  typename D::Bool mapped{}, read{}, write{};
  typename D::Bool soft_dirty{};  // VM_SOFTDIRTY
  typename D::Num file{};         // vm_file: 0 is none, else one more than the file
  typename D::Num pgoff{};        // of the page in its file
  static constexpr auto fields() {
    return Fields{field("mapped", &Vma::mapped),
                  field("read", &Vma::read),
                  field("write", &Vma::write),
                  field("soft_dirty", &Vma::soft_dirty, Gate{&Scope::soft_dirty_bits}),
                  field("file", &Vma::file, sort::file_ref),
                  field("pgoff", &Vma::pgoff, sort::vpn)};
  }
};

template <class D>
struct Pte {
  typename D::Num kind{}, pfn{};
  typename D::Bool read{};        // present entries only: not PROT_NONE
  typename D::Bool write{};       // pte_write(), or a writable swap entry
  typename D::Bool exclusive{};   // SWP_MIGRATION_READ_EXCLUSIVE, pte_swp_exclusive()
  typename D::Bool dirty{};       // present entries only
  typename D::Bool soft_dirty{};  // pte_soft_dirty(), pte_swp_soft_dirty()
  static constexpr auto fields() {
    return Fields{field("kind", &Pte::kind, sort::enumerator<PteKind>),
                  field("pfn", &Pte::pfn, sort::pfn),
                  field("read", &Pte::read),
                  field("write", &Pte::write),
                  field("exclusive", &Pte::exclusive),
                  field("dirty", &Pte::dirty, Gate{&Scope::dirty_bits}),
                  field("soft_dirty", &Pte::soft_dirty, Gate{&Scope::soft_dirty_bits})};
  }
};

// What no kernel stores of a page, and promises speak of.
template <class D>
struct Ghost {
  typename D::Num value{};   // what it must read as: the last store by anybody
  typename D::Num watch{};   // what it must be told of: stores since clear_refs
  typename D::Bool freed{};  // MADV_FREE, and no store since: it may read as zero
  static constexpr auto fields() {
    return Fields{field("value", &Ghost::value, sort::token),
                  field("watch", &Ghost::watch, sort::enumerator<Watch>),
                  field("freed", &Ghost::freed, Gate{&Scope::lazyfrees})};
  }
};

// A page of a shmem object: what the page cache has, and what it must read as.
template <class D>
struct Cached {
  typename D::Num pfn{};     // 0 is none
  typename D::Num value{};   // ghost: the last store by anybody
  typename D::Bool dirty{};  // PG_dirty: it is not what reading it anew would give
  static constexpr auto fields() {
    return Fields{field("pfn", &Cached::pfn, sort::pfn),
                  field("value", &Cached::value, sort::token),
                  field("dirty", &Cached::dirty, Gate{&Scope::reclaims})};
  }
};

// A slot of swap: what was written there, and who has it.
template <class D>
struct SwapSlot {
  typename D::Num count{};  // swap_map: the ptes that name it
  typename D::Num contents{};
  typename D::Num pfn{};     // the page that the swap cache has of it; 0 is none
  typename D::Bool dirty{};  // PG_dirty of that page, which is not what was written
  static constexpr auto fields() {
    return Fields{field("count", &SwapSlot::count, sort::swap_count),
                  field("contents", &SwapSlot::contents, sort::token),
                  field("pfn", &SwapSlot::pfn, sort::system_pfn), field("dirty", &SwapSlot::dirty)};
  }
};

// A frame. Which memory it is follows from its number (page.h).
template <class D>
struct Page {
  typename D::Num refcount{}, mapcount{};
  typename D::Num gets{}, pins{};  // FOLL_GET and FOLL_PIN references
  typename D::Bool locked{}, lru{};
  typename D::Bool anon{};  // ->mapping is set
  typename D::Bool anon_exclusive{};
  typename D::Bool dirty{};     // PG_dirty, of an anonymous page that the swap cache does not have
  typename D::Bool lazyfree{};  // anonymous, and not PG_swapbacked
  typename D::Num contents{};
  static constexpr auto fields() {
    return Fields{field("refcount", &Page::refcount, sort::refcount),
                  field("mapcount", &Page::mapcount, sort::mapcount),
                  field("gets", &Page::gets, sort::hold),
                  field("pins", &Page::pins, sort::hold),
                  field("locked", &Page::locked),
                  field("lru", &Page::lru),
                  field("anon", &Page::anon),
                  field("anon_exclusive", &Page::anon_exclusive),
                  field("dirty", &Page::dirty, Gate{&Scope::lazyfrees}),
                  field("lazyfree", &Page::lazyfree, Gate{&Scope::lazyfrees}),
                  field("contents", &Page::contents, sort::token)};
  }
};

// Ghost: an address whose page get_user_pages() or pin_user_pages() has taken, until it is given
// back or the process itself lets go of the page. What is written to the page is written there.
template <class D>
struct Gup {
  typename D::Num mm{}, vpn{};
  typename D::Num pfn{};     // 0 is none
  typename D::Bool pin{};    // FOLL_PIN, else FOLL_GET
  typename D::Bool write{};  // FOLL_WRITE
  static constexpr auto fields() {
    return Fields{field("mm", &Gup::mm, sort::mm), field("vpn", &Gup::vpn, sort::vpn),
                  field("pfn", &Gup::pfn, sort::pfn), field("pin", &Gup::pin),
                  field("write", &Gup::write)};
  }
};

template <class D>
struct Device {
  typename D::Bool failed{};  // cannot read its memory any more; never recovers
  static constexpr auto fields() { return Fields{field("failed", &Device::failed)}; }
};

// A range of physical addresses.
template <class D>
struct Region {
  typename D::Bool ram{};  // "System RAM" has been added there
  static constexpr auto fields() { return Fields{field("ram", &Region::ram)}; }
};

// A device's struct dev_pagemap, and its range of addresses.
template <class D>
struct Pagemap {
  typename D::Num stage{};
  typename D::Num region{};
  typename D::Num refs{};        // of its percpu_ref, beside the one that percpu_ref_kill() drops
  typename D::Bool looked_up{};  // somebody has it of get_dev_pagemap()
  static constexpr auto fields() {
    return Fields{field("stage", &Pagemap::stage, sort::enumerator<PagemapStage>),
                  field("region", &Pagemap::region, sort::region),
                  field("refs", &Pagemap::refs, sort::pagemap_refs),
                  field("looked_up", &Pagemap::looked_up)};
  }
};

// What a driver keeps of a frame of its device: the buffer that is behind it, which goes when
// nobody has it any more.
// Simplified: a buffer is as large as a frame.
template <class D>
struct Buffer {
  typename D::Bool in_use{};    // from when the frame is handed out until page_free() of it
  typename D::Bool clearing{};  // the device will clear it, and nobody waits for that
  static constexpr auto fields() {
    return Fields{field("in_use", &Buffer::in_use), field("clearing", &Buffer::clearing)};
  }
};

// A device page table entry.
template <class D>
struct Mirror {
  typename D::Bool valid{}, write{};
  typename D::Bool exclusive{};  // the device may use it for atomic operations
  typename D::Num pfn{};
  static constexpr auto fields() {
    return Fields{field("valid", &Mirror::valid), field("write", &Mirror::write),
                  field("exclusive", &Mirror::exclusive, Gate{&Scope::exclusives}),
                  field("pfn", &Mirror::pfn, sort::pfn)};
  }
};

// A device's mmu_interval_notifier on an address space. It covers all of it.
// Simplified: sequence numbers are kept as the comparisons anybody makes of them, which loses
// nothing and keeps the state finite. The mm's number is odd while a range is open, so that is not
// stored; `current` is subscription seq == mm seq, and a device fault's `fresh` is its own seq ==
// subscription seq.
template <class D>
struct Subscription {
  typename D::Bool current{};
  typename D::Num stage{};
  static constexpr auto fields() {
    return Fields{field("current", &Subscription::current),
                  field("stage", &Subscription::stage, sort::enumerator<NotifierStage>)};
  }
};

// An open notifier range and what its caller is doing under it.
template <class D>
struct Invalidation {
  using Num = typename D::Num;
  Num op{};  // RangeOp; none is a free slot
  Num mm{}, child{};
  Num old_pfn{}, new_pfn{};                           // wp_copy holds both, restore the old
  Num to{};                                           // where mremap moves the page
  Grid<D, typename D::Bool, sort::device> pending{};  // callback not yet run
  Grid<D, typename D::Bool, sort::vpn> covers{};      // the range
  Grid<D, typename D::Bool, sort::vpn> todo{};        // pages whose pte is still to be changed
  static constexpr auto fields() {
    return Fields{field("op", &Invalidation::op, sort::enumerator<RangeOp>),
                  field("mm", &Invalidation::mm, sort::mm),
                  field("child", &Invalidation::child, sort::mm),
                  field("old_pfn", &Invalidation::old_pfn, sort::pfn),
                  field("new_pfn", &Invalidation::new_pfn, sort::pfn),
                  field("to", &Invalidation::to, sort::vpn),
                  field("pending", &Invalidation::pending),
                  field("covers", &Invalidation::covers),
                  field("todo", &Invalidation::todo)};
  }
};

// One page of struct migrate_vma: its entries of src[] and dst[].
template <class D>
struct MigrateEntry {
  typename D::Num stage{};
  typename D::Num src{}, dst{};
  typename D::Bool has_dst{};
  typename D::Bool migrate{};  // MIGRATE_PFN_MIGRATE
  static constexpr auto fields() {
    return Fields{
        field("stage", &MigrateEntry::stage, sort::enumerator<EntryStage>),
        field("src", &MigrateEntry::src, sort::pfn), field("dst", &MigrateEntry::dst, sort::pfn),
        field("has_dst", &MigrateEntry::has_dst), field("migrate", &MigrateEntry::migrate)};
  }
};

// struct migrate_vma in flight: the mmap lock of `mm` is held for reading from setup to the end.
// Or migrate_device_range(), which has none (by_pfn).
template <class D>
struct Migration {
  typename D::Num stage{};
  typename D::Num mm{}, device{};
  typename D::Num invalidation{};  // its notifier range, in stages setup and inserting
  typename D::Num last{};          // the last page of its range
  typename D::Bool to_device{};    // else to system memory
  typename D::Bool by_pfn{};       // of a frame, whoever maps it: no mm, no mmap lock
  typename D::Bool for_fault{};    // fault_page is that of CPU fault `fault`
  typename D::Num fault{};
  Grid<D, typename D::Bool, sort::buffered_pfn> fills{};  // whose buffers its driver works on
  static constexpr auto fields() {
    return Fields{field("stage", &Migration::stage, sort::enumerator<MigrationStage>),
                  field("mm", &Migration::mm, sort::mm),
                  field("device", &Migration::device, sort::device),
                  field("invalidation", &Migration::invalidation, sort::invalidation),
                  field("last", &Migration::last, sort::vpn),
                  field("to_device", &Migration::to_device),
                  field("by_pfn", &Migration::by_pfn, Gate{&Scope::evictions}),
                  field("for_fault", &Migration::for_fault),
                  field("fault", &Migration::fault, sort::cpu_fault),
                  field("fills", &Migration::fills)};
  }
};

// A device page fault: read_begin, hmm_range_fault(), commit.
template <class D>
struct DeviceFault {
  using Num = typename D::Num;
  Num stage{};
  Num device{}, mm{}, vpn{};
  typename D::Bool want_write{};
  typename D::Bool fresh{};      // its seq is still the subscription's
  typename D::Bool overtaken{};  // ghost: an invalidation of the page ran since read_begin
  Num pfn{};                     // result of the walk, or the page to be excluded
  typename D::Bool write{};      // may be written; the page is exclusive
  Num invalidation{};            // its notifier range, in stage excluding
  static constexpr auto fields() {
    return Fields{field("stage", &DeviceFault::stage, sort::enumerator<DeviceFaultStage>),
                  field("device", &DeviceFault::device, sort::device),
                  field("mm", &DeviceFault::mm, sort::mirrored_mm),
                  field("vpn", &DeviceFault::vpn, sort::vpn),
                  field("want_write", &DeviceFault::want_write),
                  field("fresh", &DeviceFault::fresh),
                  field("overtaken", &DeviceFault::overtaken),
                  field("pfn", &DeviceFault::pfn, sort::pfn),
                  field("write", &DeviceFault::write),
                  field("invalidation", &DeviceFault::invalidation, sort::invalidation)};
  }
};

// A CPU fault on a device private entry. It holds the mmap lock for reading.
template <class D>
struct CpuFault {
  typename D::Num stage{};
  typename D::Num mm{}, vpn{};
  typename D::Num pfn{};      // vmf->page
  typename D::Bool sigbus{};  // the driver's answer
  typename D::Bool lost{};    // ghost: the device could not give the page back
  static constexpr auto fields() {
    return Fields{field("stage", &CpuFault::stage, sort::enumerator<CpuFaultStage>),
                  field("mm", &CpuFault::mm, sort::mm),
                  field("vpn", &CpuFault::vpn, sort::vpn),
                  field("pfn", &CpuFault::pfn, sort::pfn),
                  field("sigbus", &CpuFault::sigbus),
                  field("lost", &CpuFault::lost)};
  }
};

// What must never have happened; kept because the state alone would forget it.
template <class D>
struct Oops {
  typename D::Bool bad_ref{};        // one taken of a free page, or dropped that nobody held
  typename D::Bool stale_install{};  // a mirror entry installed from an overtaken walk
  typename D::Bool missed_sigbus{};  // a fault whose page was lost ended as if it were there
  typename D::Bool forbidden{};      // a page taken by get_user_pages() that may not be read
  typename D::Bool dead_pagemap{};   // the percpu_ref of one was used where there is none
  typename D::Bool bad_buffer{};     // one that was gone was used, or one in use handed out
  static constexpr auto fields() {
    return Fields{field("bad_ref", &Oops::bad_ref),
                  field("stale_install", &Oops::stale_install),
                  field("missed_sigbus", &Oops::missed_sigbus, Gate{&Scope::cpu_faults}),
                  field("forbidden", &Oops::forbidden, Gate{&Scope::holds}),
                  field("dead_pagemap", &Oops::dead_pagemap, Gate{&Scope::regions}),
                  field("bad_buffer", &Oops::bad_buffer, Gate{&Scope::buffers})};
  }
};

template <class D>
struct State {
  Grid<D, Mm<D>, sort::mm> mm{};
  Grid<D, Vma<D>, sort::mm, sort::vpn> vma{};
  Grid<D, Pte<D>, sort::mm, sort::vpn> pte{};
  Grid<D, Ghost<D>, sort::mm, sort::vpn> ghost{};
  Grid<D, Cached<D>, sort::file, sort::vpn> cached{};
  Grid<D, SwapSlot<D>, sort::swap_slot> swap_slot{};
  Grid<D, Page<D>, sort::pfn> page{};
  Grid<D, Gup<D>, sort::gup> gup{};
  Grid<D, Device<D>, sort::device> device{};
  Grid<D, Region<D>, sort::region> region{};
  Grid<D, Pagemap<D>, sort::mapped_device> pagemap{};
  Grid<D, Buffer<D>, sort::buffered_pfn> buffer{};
  Grid<D, Mirror<D>, sort::device, sort::mirrored_mm, sort::vpn> mirror{};
  Grid<D, Subscription<D>, sort::device, sort::mirrored_mm> subscription{};
  Grid<D, Invalidation<D>, sort::invalidation> invalidation{};
  Grid<D, Migration<D>, sort::migration> migration{};
  Grid<D, MigrateEntry<D>, sort::migration, sort::vpn> migrate_entry{};
  Grid<D, DeviceFault<D>, sort::device_fault> device_fault{};
  Grid<D, CpuFault<D>, sort::cpu_fault> cpu_fault{};
  Oops<D> oops{};

  static constexpr auto fields() {
    return Fields{field("mm", &State::mm),
                  field("vma", &State::vma),
                  field("pte", &State::pte),
                  field("ghost", &State::ghost),
                  field("cached", &State::cached),
                  field("swap_slot", &State::swap_slot),
                  field("page", &State::page),
                  field("gup", &State::gup),
                  field("device", &State::device),
                  field("region", &State::region),
                  field("pagemap", &State::pagemap),
                  field("buffer", &State::buffer),
                  field("mirror", &State::mirror),
                  field("subscription", &State::subscription),
                  field("invalidation", &State::invalidation),
                  field("migration", &State::migration),
                  field("migrate_entry", &State::migrate_entry),
                  field("device_fault", &State::device_fault),
                  field("cpu_fault", &State::cpu_fault),
                  field("oops", &State::oops)};
  }
};

}  // namespace hmm
