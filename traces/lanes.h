#pragma once
#include <optional>
#include <string>
#include <vector>

#include "traces/trace_table.h"

// A run as a sequence chart: who takes part in it, and between whom each step is.
namespace hmm {

struct Lane {
  enum class Kind { process, range, device };  // a range is an open mmu_notifier_range
  Kind kind{};
  unsigned number = 0;
  friend auto operator<=>(const Lane&, const Lane&) = default;
};
std::string name_of(const Lane& lane);  // `mm 0`

// A step between lanes, each by its place in Lanes::lanes.
struct Signal {
  struct End {
    std::size_t lane = 0;
    bool is_changed = false;  // a row of the state that is the lane's has changed
  };
  std::size_t actor = 0;
  std::vector<End> others;
  bool changes_actor = false;
};

struct Lanes {
  std::vector<Lane> lanes;                     // that any step is of, or whose rows change
  std::vector<std::optional<Signal>> signals;  // by line of the table; none of a line without step
  std::vector<std::vector<std::string>> open;  // by line and lane: what an open range is of
};

// The table shows all rows. A step is of what its fields name, and of the process and the device of
// the migration, the fault or the range in whose slot it is. The first of them is the actor,
// but a range is so only of a step that names no process.
Lanes lanes_of(const Scope& scope, const TraceTable& table);

}  // namespace hmm
