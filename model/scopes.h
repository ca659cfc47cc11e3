#pragma once
#include <array>
#include <string_view>
#include <utility>

#include "model/scope.h"

// The scopes that have names, small to large. Each is compiled into the program.
namespace hmm {

inline constexpr Scope kTiny{.mms = 1, .vpns = 1, .system_pages = 1};
inline constexpr Scope kFork{.mms = 2,
                             .vpns = 1,
                             .system_pages = 2,
                             .device_faults = 0,
                             .cpu_faults = 0,
                             .evictions = 1,
                             .holds = 0};
inline constexpr Scope kPins{
    .mms = 2, .vpns = 1, .system_pages = 2, .migrations = 0, .device_faults = 0, .cpu_faults = 0};
inline constexpr Scope kRanges{.mms = 1,
                               .vpns = 1,
                               .system_pages = 1,
                               .invalidations = 2,
                               .cpu_faults = 0,
                               .exclusives = 1,
                               .holds = 0};
inline constexpr Scope kPages{
    .mms = 1, .vpns = 2, .system_pages = 2, .device_faults = 0, .cpu_faults = 0, .holds = 0};
inline constexpr Scope kMoves{.mms = 1,
                              .vpns = 2,
                              .system_pages = 1,
                              .migrations = 0,
                              .device_faults = 0,
                              .cpu_faults = 0,
                              .holds = 0,
                              .files = 1,
                              .dirty_bits = 1};
inline constexpr Scope kShared{.mms = 2,
                               .vpns = 1,
                               .system_pages = 1,
                               .migrations = 0,
                               .cpu_faults = 0,
                               .exclusives = 1,
                               .holds = 0,
                               .files = 1};
inline constexpr Scope kCoherent{.mms = 1,
                                 .vpns = 1,
                                 .system_pages = 1,
                                 .coherent_devices = 1,
                                 .cpu_faults = 0,
                                 .exclusives = 1,
                                 .evictions = 1,
                                 .holds = 0,
                                 .files = 1,
                                 .dirty_bits = 1};
inline constexpr Scope kDefault{.mms = 2, .vpns = 1, .system_pages = 2, .holds = 0};
inline constexpr Scope kPair{.mms = 2,
                             .mirrored_mms = 2,
                             .vpns = 2,
                             .system_pages = 2,
                             .exclusives = 1,
                             .evictions = 1,
                             .files = 1,
                             .dirty_bits = 1};
inline constexpr Scope kLarge{.mms = 2,
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
                              .exclusives = 2,
                              .evictions = 2,
                              .holds = 2,
                              .files = 2,
                              .dirty_bits = 1,
                              .tokens = 3};

struct NamedScope {
  const char* name;
  Scope scope;
  const char* says;
};

inline constexpr std::array kScopes = {
    NamedScope{"tiny", kTiny, "one process, one page, one frame of each memory"},
    NamedScope{"fork", kFork, "a process and its child share one page; migrations, no faults"},
    NamedScope{"pins", kPins, "as fork, with a page held and no migrations"},
    NamedScope{"ranges", kRanges, "one process, one page, two notifier ranges open at once"},
    NamedScope{"pages", kPages, "one process, two pages that migrate together"},
    NamedScope{"moves", kMoves, "one process, two pages that move and are watched for writes"},
    NamedScope{"shared", kShared, "a process and its child share a mapping; exclusive access"},
    NamedScope{"coherent", kCoherent, "one process, one page, a device with coherent memory"},
    NamedScope{"default", kDefault,
               "a process that a device mirrors and its child, one page, two system frames"},
    NamedScope{"pair", kPair,
               "a process and its child, both mirrored, two pages, all features; for proofs"},
    NamedScope{"large", kLarge, "two of everything and four frames; for walks and proofs"},
};

// Null if no scope has the name.
constexpr const NamedScope* scope_named(std::string_view name) {
  for (const auto& s : kScopes)
    if (name == s.name) return &s;
  return nullptr;
}

// Calls f.template operator()<the scope>(). False, and nothing is called, if no scope has the name.
template <class F>
bool with_scope(std::string_view name, F&& f) {
  const NamedScope* const wanted = scope_named(name);
  if (wanted == nullptr) return false;
  const auto one = [&]<std::size_t I>() {
    if (wanted == &kScopes[I]) f.template operator()<kScopes[I].scope>();
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (one.template operator()<I>(), ...); }
  (std::make_index_sequence<kScopes.size()>{});
  return true;
}

}  // namespace hmm
