#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "model/scope.h"

// The scopes that have names, small to large. A row is all there is to one: CMake reads the names
// and the uses (properties/engines/instances/instances.cmake) and has the engines compiled.
namespace hmm {

// What an engine does with a scope. Each is the one before it, and more.
enum class Use {
  none,     // the engine is not built for it
  built,    // it is, for whoever asks for the scope by name
  checked,  // and `hmmcheck check` runs it there
  quick,    // and so does `hmmcheck check --quick`
};

struct NamedScope {
  const char* name;  // an identifier
  Use explore, walk, prove, live;
  const char* says;
  Scope scope;

  constexpr bool is_checked() const {
    return std::max({explore, walk, prove, live}) >= Use::checked;
  }
};

inline constexpr std::array kScopes = {
    NamedScope{.name = "tiny",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::built,
               .live = Use::quick,
               .says = "one process, one page, one frame of each memory",
               .scope = {.mms = 1, .vpns = 1, .system_pages = 1}},
    NamedScope{.name = "fork",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::built,
               .live = Use::quick,
               .says = "a process and its child share one page; migrations, no faults",
               .scope = {.mms = 2,
                         .vpns = 1,
                         .system_pages = 2,
                         .device_faults = 0,
                         .cpu_faults = 0,
                         .evictions = 1,
                         .holds = 0}},
    NamedScope{
        .name = "pins",
        .explore = Use::quick,
        .walk = Use::built,
        .prove = Use::none,
        .live = Use::none,
        .says = "as fork, with a page held",
        .scope = {.mms = 2, .vpns = 1, .system_pages = 2, .device_faults = 0, .cpu_faults = 0}},
    NamedScope{.name = "faults",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::quick,
               .says = "as fork, with CPU faults on device memory",
               .scope = {.mms = 2, .vpns = 1, .system_pages = 2, .device_faults = 0, .holds = 0}},
    NamedScope{.name = "returns",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::quick,
               .says = "one process, one page, two CPU faults and two migrations at once",
               .scope = {.mms = 1,
                         .vpns = 1,
                         .system_pages = 1,
                         .migrations = 2,
                         .device_faults = 0,
                         .cpu_faults = 2,
                         .holds = 0}},
    NamedScope{.name = "crowd",
               .explore = Use::quick,
               .walk = Use::none,
               .prove = Use::none,
               .live = Use::quick,
               .says = "one process, one page, three CPU faults at once",
               .scope = {.mms = 1,
                         .vpns = 1,
                         .system_pages = 1,
                         .device_faults = 0,
                         .cpu_faults = 3,
                         .holds = 0}},
    NamedScope{.name = "waiters",
               .explore = Use::quick,
               .walk = Use::none,
               .prove = Use::none,
               .live = Use::quick,
               .says = "as crowd with two CPU faults, which may wait for a migration entry",
               .scope = {.mms = 1,
                         .vpns = 1,
                         .system_pages = 1,
                         .device_faults = 0,
                         .cpu_faults = 2,
                         .entry_waits = 2,
                         .holds = 0}},
    NamedScope{
        .name = "devices",
        .explore = Use::quick,
        .walk = Use::built,
        .prove = Use::none,
        .live = Use::none,
        .says = "one process, one page, two devices with memory of their own",
        .scope =
            {.mms = 1, .vpns = 1, .system_pages = 1, .devices = 2, .cpu_faults = 0, .holds = 0}},
    NamedScope{.name = "watched",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::none,
               .says = "one process, one page that is watched for writes and migrates",
               .scope = {.mms = 1, .vpns = 1, .system_pages = 1, .holds = 0, .dirty_bits = 1}},
    NamedScope{.name = "ranges",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::none,
               .says = "one process, one page, two notifier ranges open at once",
               .scope = {.mms = 1,
                         .vpns = 1,
                         .system_pages = 1,
                         .invalidations = 2,
                         .cpu_faults = 0,
                         .exclusives = 1,
                         .holds = 0}},
    NamedScope{.name = "pages",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::none,
               .says = "one process, two pages that migrate together",
               .scope = {.mms = 1,
                         .vpns = 2,
                         .system_pages = 2,
                         .device_faults = 0,
                         .cpu_faults = 0,
                         .holds = 0}},
    NamedScope{.name = "mirrors",
               .explore = Use::checked,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::none,
               .says = "one process, two pages that a device mirrors, and a migration",
               .scope = {.mms = 1, .vpns = 2, .system_pages = 1, .cpu_faults = 0, .holds = 0}},
    NamedScope{
        .name = "worker",
        .explore = Use::quick,
        .walk = Use::none,
        .prove = Use::none,
        .live = Use::quick,
        .says = "one process, two pages that a device wants one after the other",
        .scope =
            {.mms = 1, .vpns = 2, .system_pages = 2, .migrations = 0, .cpu_faults = 0, .holds = 0}},
    NamedScope{.name = "moves",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::none,
               .says = "one process, two pages that move and are watched for writes",
               .scope = {.mms = 1,
                         .vpns = 2,
                         .system_pages = 1,
                         .migrations = 0,
                         .device_faults = 0,
                         .cpu_faults = 0,
                         .holds = 0,
                         .files = 1,
                         .dirty_bits = 1}},
    NamedScope{.name = "shared",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::quick,
               .says = "a process and its child share a mapping; exclusive access",
               .scope = {.mms = 2,
                         .vpns = 1,
                         .system_pages = 1,
                         .migrations = 0,
                         .cpu_faults = 0,
                         .exclusives = 1,
                         .holds = 0,
                         .files = 1}},
    NamedScope{.name = "coherent",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::quick,
               .says = "one process, one page, a device with coherent memory",
               .scope = {.mms = 1,
                         .vpns = 1,
                         .system_pages = 1,
                         .coherent_devices = 1,
                         .cpu_faults = 0,
                         .exclusives = 1,
                         .evictions = 1,
                         .holds = 0,
                         .files = 1,
                         .dirty_bits = 1}},
    NamedScope{.name = "coherent_fork",
               .explore = Use::quick,
               .walk = Use::built,
               .prove = Use::none,
               .live = Use::none,
               .says = "a process and its child share a page of coherent memory that is held",
               .scope = {.mms = 2,
                         .vpns = 1,
                         .system_pages = 1,
                         .coherent_devices = 1,
                         .device_faults = 0,
                         .cpu_faults = 0,
                         .evictions = 1}},
    NamedScope{.name = "default",
               .explore = Use::checked,
               .walk = Use::quick,
               .prove = Use::none,
               .live = Use::none,
               .says = "a process that a device mirrors and its child, one page, two system frames",
               .scope = {.mms = 2, .vpns = 1, .system_pages = 2, .holds = 0}},
    NamedScope{
        .name = "pair",
        .explore = Use::none,
        .walk = Use::built,
        .prove = Use::quick,
        .live = Use::none,
        .says = "a process and its child, both mirrored, two pages, two devices, all features",
        .scope = {.mms = 2,
                  .mirrored_mms = 2,
                  .vpns = 2,
                  .system_pages = 2,
                  .devices = 2,
                  .coherent_devices = 1,
                  .entry_waits = 1,
                  .exclusives = 1,
                  .evictions = 1,
                  .files = 1,
                  .dirty_bits = 1}},
    NamedScope{.name = "large",
               .explore = Use::none,
               .walk = Use::quick,
               .prove = Use::built,
               .live = Use::none,
               .says = "two of everything and four frames; for walks and proofs",
               .scope = {.mms = 2,
                         .mirrored_mms = 2,
                         .vpns = 2,
                         .system_pages = 4,
                         .device_pages = 2,
                         .devices = 2,
                         .coherent_devices = 1,
                         .invalidations = 2,
                         .migrations = 2,
                         .device_faults = 2,
                         .cpu_faults = 2,
                         .entry_waits = 2,
                         .exclusives = 2,
                         .evictions = 2,
                         .holds = 2,
                         .files = 2,
                         .dirty_bits = 1,
                         .tokens = 3}},
};
static_assert(std::all_of(kScopes.begin(), kScopes.end(),
                          [](const NamedScope& s) { return s.is_checked(); }),
              "`hmmcheck check` runs no engine at a scope");

// Null if no scope has the name.
constexpr const NamedScope* scope_named(std::string_view name) {
  for (const auto& s : kScopes)
    if (name == s.name) return &s;
  return nullptr;
}

// The scope of that name, for templates; a name that no scope has does not compile.
consteval Scope scope_at(std::string_view name) { return scope_named(name)->scope; }

// For those who write templates by hand.
inline constexpr Scope kTiny = scope_at("tiny"), kFork = scope_at("fork"),
                       kCoherent = scope_at("coherent"), kDefault = scope_at("default"),
                       kPair = scope_at("pair"), kLarge = scope_at("large");

// A scope that has as many of everything has every run of the other.
constexpr bool includes(const Scope& s, const Scope& other) {
  using Counts = std::array<unsigned, sizeof(Scope) / sizeof(unsigned)>;
  const auto has = std::bit_cast<Counts>(s), needs = std::bit_cast<Counts>(other);
  return std::equal(has.begin(), has.end(), needs.begin(),
                    [](unsigned a, unsigned b) { return a >= b; });
}

}  // namespace hmm
