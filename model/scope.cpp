#include "model/scope.h"

#include <span>

namespace hmm {
namespace {

// In the order of the enumerators in model/enumerations.h.
constexpr std::string_view kPteKinds[] = {"none", "present", "device_private", "migration",
                                          "device_exclusive"};
constexpr std::string_view kRangeOps[] = {"none",      "munmap",  "dontneed", "mprotect",
                                          "fork",      "wp_copy", "migrate",  "insert",
                                          "exclusive", "restore", "mremap",   "clear_refs"};
constexpr std::string_view kMigrationStages[] = {"idle", "setup", "running", "inserting"};
constexpr std::string_view kEntryStages[] = {"none", "collected", "unmapped", "copied", "moved"};
constexpr std::string_view kDeviceFaultStages[] = {"idle", "begun", "walked", "excluding",
                                                   "excluded"};
constexpr std::string_view kCpuFaultStages[] = {"idle", "looked_up", "in_driver", "returned"};
static_assert(std::size(kPteKinds) == enumerators(Kind::pte_kind));
static_assert(std::size(kRangeOps) == enumerators(Kind::range_op));
static_assert(std::size(kMigrationStages) == enumerators(Kind::migration_stage));
static_assert(std::size(kEntryStages) == enumerators(Kind::entry_stage));
static_assert(std::size(kDeviceFaultStages) == enumerators(Kind::device_fault_stage));
static_assert(std::size(kCpuFaultStages) == enumerators(Kind::cpu_fault_stage));

std::span<const std::string_view> names_of(Kind kind) {
  switch (kind) {
    case Kind::pte_kind:
      return kPteKinds;
    case Kind::range_op:
      return kRangeOps;
    case Kind::migration_stage:
      return kMigrationStages;
    case Kind::entry_stage:
      return kEntryStages;
    case Kind::device_fault_stage:
      return kDeviceFaultStages;
    case Kind::cpu_fault_stage:
      return kCpuFaultStages;
    default:
      return {};
  }
}

}  // namespace

std::string_view enumerator_name(Kind kind, unsigned value) {
  const auto names = names_of(kind);
  return value < names.size() ? names[value] : std::string_view{};
}

}  // namespace hmm
