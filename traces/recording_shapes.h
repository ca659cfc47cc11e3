#pragma once
#include <array>
#include <string_view>

#include "traces/recording.h"

// What each call of a recording takes and gives.
namespace hmm {

// What stands between a call's name and its arrow.
enum class Arguments {
  none,
  page,
  page_value,
  page_page,
  range,
  range_rights,
  range_rights_memory,
  child,
  device,
  device_range,
  device_range_value,
};

// What follows the word `held`: where the call is stopped.
inline constexpr std::string_view kHeldAt = "at change_protection";

struct CallShape {
  std::string_view name;
  Arguments arguments;
  bool signals = false;                                 // fails with a signal, not with an errno
  bool cpages = false, faults = false, values = false;  // what a success comes with
};
// In the order of CallKind.
inline constexpr std::array<CallShape, 21> kShapes{{
    {"load", Arguments::page, true},
    {"store", Arguments::page_value, true},
    {"mmap", Arguments::range_rights_memory},
    {"munmap", Arguments::range},
    {"mprotect", Arguments::range_rights},
    {"mlock", Arguments::range},
    {"munlock", Arguments::range},
    {"dontneed", Arguments::range},
    {"mremap", Arguments::page_page},
    {"clear_soft_dirty", Arguments::none},
    {"fork", Arguments::child},
    {"exit", Arguments::none},
    {"pin", Arguments::page},
    {"unpin", Arguments::page},
    {"dread", Arguments::device_range, false, true, true, true},
    {"dwrite", Arguments::device_range_value, false, true, true, false},
    {"migrate_to_dev", Arguments::device_range, false, true, false, true},
    {"migrate_to_sys", Arguments::device_range, false, true, false, false},
    {"exclusive", Arguments::device_range, false, true, false, true},
    {"check_exclusive", Arguments::device_range},
    {"release", Arguments::device},
}};
static_assert(kShapes.size() == static_cast<std::size_t>(CallKind::release) + 1);
constexpr const CallShape& shape_of(CallKind kind) {
  return kShapes[static_cast<std::size_t>(kind)];
}

}  // namespace hmm
