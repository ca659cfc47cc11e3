#pragma once
#include <string>
#include <vector>

#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"

// What becomes of a run that violates something: a trace, its shortest form, a file.
namespace hmm {

// What is said of a run that ends where the scope has no number for it, as rules of which one is
// dropped may lead to: what comes after is not known.
inline constexpr const char* kLeavesRanges = "a step leads out of the ranges of the scope";

// The trace of a failing run, ending in what it violates.
std::string failing_trace(const Profile& k, const std::string& scope, const PlainSteps& steps,
                          PropertySet bad, const Leaves* start = nullptr);

// The shortest canonical form of a run that violates one of `bad`: the first of them, as otherwise
// shrinking would wander from one bug to another.
PlainSteps shortest_failure(JudgedMachine& machine, const Profile& k, const PlainSteps& steps,
                            PropertySet bad, const Leaves* start = nullptr);

// Saves a failing run at once, then its shortest canonical form, at `path`; nowhere if that is
// empty. Returns the latter's text.
std::string save_failure(const std::string& path, const Profile& k, const std::string& scope,
                         const PlainSteps& steps, PropertySet bad);

// `step -> verdict` for each verdict of a step that was not seen, waived ones left out.
std::vector<std::string> verdicts_never_reached(const VerdictsSeen& seen);

}  // namespace hmm
