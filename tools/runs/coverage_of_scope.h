#pragma once
#include <string>

#include "properties/engines/engines.h"
#include "tools/runs/report.h"

// How much of a scope that has been explored a walk came by.
namespace hmm {

// What the goldens know of the scope; empty if nobody has explored it, or `k` is not the kernel
// that was explored there.
ScopeTotals totals_of(const std::string& scope, const Profile& k);

// A line for people, and the same numbers as facts of the row.
void say_coverage(const std::string& scope, const WalkResult& r, const ScopeTotals& totals,
                  const Report& report, ReportRow& row);

}  // namespace hmm
