#pragma once
#include <variant>

#include "model/calls/call.h"

// Every call that a recording can have. The functions that they run are in the other headers of
// this folder; model/calls/world.h has them all.
namespace hmm {
namespace call {

struct Load {
  static constexpr Row row{.name = "load",
                           .says = "the CPU reads the first 4 bytes of the page",
                           .fails_with = Ending::signal,
                           .gives_value = true};
  Page page{};
  static constexpr auto arguments() { return std::tuple{&Load::page}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return load(w.caller, mm, page.vpn);
  }
};

struct Store {
  static constexpr Row row{
      .name = "store", .says = "the CPU writes V there", .fails_with = Ending::signal};
  Page page{};
  Value value{};
  static constexpr auto arguments() { return std::tuple{&Store::page, &Store::value}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return store(w.caller, mm, page.vpn, value.v);
  }
};

struct Mmap {
  static constexpr Row row{
      .name = "mmap",
      .says = "`MAP_FIXED | MAP_ANONYMOUS`, with `MAP_PRIVATE` or with `MAP_SHARED`"};
  Pages pages{};
  Rights rights{};
  Memory memory{};
  static constexpr auto arguments() {
    return std::tuple{&Mmap::pages, &Mmap::rights, &Mmap::memory};
  }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    const bool read = reads(rights), write = writes(rights);
    return memory == Memory::shared
               ? mmap_shared(w.caller, mm, pages.first, pages.last, read, write)
               : mmap_anon(w.caller, mm, pages.first, pages.last, read, write);
  }
};

struct Munmap {
  static constexpr Row row{.name = "munmap",
                           .says = "the system call",
                           .unknown_if_held = "a munmap that is held, its mmap lock downgraded"};
  Pages pages{};
  static constexpr auto arguments() { return std::tuple{&Munmap::pages}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return munmap(w.caller, mm, pages.first, pages.last);
  }
};

struct Mprotect {
  static constexpr Row row{.name = "mprotect", .says = "the system call"};
  Pages pages{};
  Rights rights{};
  static constexpr auto arguments() { return std::tuple{&Mprotect::pages, &Mprotect::rights}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return mprotect(w.caller, {mm, pages.first, pages.last, reads(rights), writes(rights)});
  }
};

struct Mlock {
  static constexpr Row row{.name = "mlock", .says = "the system call"};
  Pages pages{};
  static constexpr auto arguments() { return std::tuple{&Mlock::pages}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return mlock(w.caller, mm, pages.first, pages.last);
  }
};

struct Munlock {
  static constexpr Row row{.name = "munlock", .says = "the system call"};
  Pages pages{};
  static constexpr auto arguments() { return std::tuple{&Munlock::pages}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return munlock(w.caller, mm, pages.first, pages.last);
  }
};

struct Dontneed {
  static constexpr Row row{.name = "dontneed", .says = "`madvise` with `MADV_DONTNEED`"};
  Pages pages{};
  static constexpr auto arguments() { return std::tuple{&Dontneed::pages}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return madvise_dontneed(w.caller, mm, pages.first, pages.last);
  }
};

struct Mremap {
  static constexpr Row row{.name = "mremap", .says = "one page, `MREMAP_MAYMOVE | MREMAP_FIXED`"};
  Page from{}, to{};
  static constexpr auto arguments() { return std::tuple{&Mremap::from, &Mremap::to}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return mremap(w.caller, mm, from.vpn, to.vpn);
  }
};

struct ClearSoftDirty {
  static constexpr Row row{.name = "clear_soft_dirty",
                           .says = "`4` written to `/proc/self/clear_refs`"};
  static constexpr auto arguments() { return std::tuple{}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return clear_soft_dirty(w.caller, mm);
  }
};

struct Fork {
  static constexpr Row row{
      .name = "fork", .says = "by `A`, while `B` is not alive", .begins_child = true};
  Child child{};
  static constexpr auto arguments() { return std::tuple{&Fork::child}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return fork(w.caller, mm, child.mm);
  }
};

struct Exit {
  static constexpr Row row{.name = "exit",
                           .says =
                               "of `B`; closing a device's file evicts all of that device's "
                               "memory, whoever maps it",
                           .ends_child = true};
  static constexpr auto arguments() { return std::tuple{}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return exit_and_close(w, mm);
  }
};

struct Pin {
  static constexpr Row row{
      .name = "pin",
      .says = "`vmsplice` of a few bytes into a pipe, which holds a `FOLL_GET` reference"};
  Page page{};
  static constexpr auto arguments() { return std::tuple{&Pin::page}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return pin(w.caller, w.pipes, mm, page.vpn);
  }
};

struct Unpin {
  static constexpr Row row{.name = "unpin", .says = "the pipe is emptied"};
  Page page{};
  static constexpr auto arguments() { return std::tuple{&Unpin::page}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return unpin(w.caller, w.pipes, mm, page.vpn);
  }
};

struct DeviceRead {
  static constexpr Row row{.name = "dread",
                           .says = "`HMM_DMIRROR_READ`",
                           .cpages = true,
                           .faults = true,
                           .values = true};
  Device device{};
  Pages pages{};
  static constexpr auto arguments() { return std::tuple{&DeviceRead::device, &DeviceRead::pages}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return dmirror_read(w.caller, w.table, {device.number, mm}, pages.first, pages.last);
  }
};

struct DeviceWrite {
  static constexpr Row row{.name = "dwrite",
                           .says = "`HMM_DMIRROR_WRITE`, of V, V+1, ...",
                           .cpages = true,
                           .faults = true};
  Device device{};
  Pages pages{};
  Value value{};
  static constexpr auto arguments() {
    return std::tuple{&DeviceWrite::device, &DeviceWrite::pages, &DeviceWrite::value};
  }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return dmirror_write(w.caller, w.table, {device.number, mm}, pages.first, pages.last, value.v);
  }
};

struct MigrateToDevice {
  static constexpr Row row{.name = "migrate_to_dev",
                           .says = "`HMM_DMIRROR_MIGRATE_TO_DEV`",
                           .cpages = true,
                           .values = true};
  Device device{};
  Pages pages{};
  static constexpr auto arguments() {
    return std::tuple{&MigrateToDevice::device, &MigrateToDevice::pages};
  }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return dmirror_migrate_to_device(w.caller, w.table, {device.number, mm}, pages.first,
                                     pages.last);
  }
};

struct MigrateToSystem {
  static constexpr Row row{
      .name = "migrate_to_sys", .says = "`HMM_DMIRROR_MIGRATE_TO_SYS`", .cpages = true};
  Device device{};
  Pages pages{};
  static constexpr auto arguments() {
    return std::tuple{&MigrateToSystem::device, &MigrateToSystem::pages};
  }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return dmirror_migrate_to_system(w.caller, {device.number, mm}, pages.first, pages.last);
  }
};

struct Exclusive {
  static constexpr Row row{
      .name = "exclusive", .says = "`HMM_DMIRROR_EXCLUSIVE`", .cpages = true, .values = true};
  Device device{};
  Pages pages{};
  static constexpr auto arguments() { return std::tuple{&Exclusive::device, &Exclusive::pages}; }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return dmirror_exclusive(w.caller, w.table, {device.number, mm}, pages.first, pages.last);
  }
};

struct CheckExclusive {
  static constexpr Row row{.name = "check_exclusive", .says = "`HMM_DMIRROR_CHECK_EXCLUSIVE`"};
  Device device{};
  Pages pages{};
  static constexpr auto arguments() {
    return std::tuple{&CheckExclusive::device, &CheckExclusive::pages};
  }
  template <class W>
  CallResult run(W& w, unsigned mm) const {
    return dmirror_check_exclusive(w.table, {device.number, mm}, pages.first, pages.last);
  }
};

struct Release {
  static constexpr Row row{
      .name = "release",
      .says = "`HMM_DMIRROR_RELEASE`",
      .unknown_unless_held = "a release that was to be held, of a chunk without a page"};
  Device device{};
  static constexpr auto arguments() { return std::tuple{&Release::device}; }
  template <class W>
  CallResult run(W& w, unsigned) const {
    return dmirror_release(w.caller, device.number);
  }
};

}  // namespace call

// The whole list of calls; adding one is a struct and a name here.
using Call =
    std::variant<call::Load, call::Store, call::Mmap, call::Munmap, call::Mprotect, call::Mlock,
                 call::Munlock, call::Dontneed, call::Mremap, call::ClearSoftDirty, call::Fork,
                 call::Exit, call::Pin, call::Unpin, call::DeviceRead, call::DeviceWrite,
                 call::MigrateToDevice, call::MigrateToSystem, call::Exclusive,
                 call::CheckExclusive, call::Release>;
inline constexpr std::size_t kCalls = std::variant_size_v<Call>;

// Calls visit(call) for a blank one of each kind.
template <class Visit>
constexpr void for_each_call(Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (visit(std::variant_alternative_t<I, Call>{}), ...);
  }
  (std::make_index_sequence<kCalls>{});
}
constexpr const call::Row& row_of(const Call& call) {
  return std::visit([](const auto& one) -> const call::Row& { return one.row; }, call);
}

constexpr bool calls_are_well_formed() {
  bool all = true;
  for_each_call([&]<class C>(const C&) {
    unsigned namesakes = 0;
    for_each_call([&](const auto& other) { namesakes += other.row.name == C::row.name ? 1u : 0u; });
    all = all && call::is_well_formed<C>() && namesakes == 1;
  });
  return all;
}
static_assert(calls_are_well_formed());

}  // namespace hmm
