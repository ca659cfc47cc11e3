#pragma once
#include "tools/verbs/common.h"

namespace hmm {

// The trace of a failing run, ending in what it violates.
std::string failing_trace(const Profile& k, const std::string& scope, const PlainSteps& steps,
                          PropertySet bad, const Leaves* start = nullptr);

// Saves a failing run at once, then its shortest canonical form; returns the latter's text.
std::string save_failure(const RunOptions& o, const Profile& k, const std::string& scope,
                         const PlainSteps& steps, PropertySet bad);

// What is said of a run that ends where the scope has no number for it, as rules of which one is
// dropped may lead to: what comes after is not known.
inline constexpr const char* kLeavesRanges = "a step leads out of the ranges of the scope";
// Nothing if the trace is empty.
void print_way_out(const std::string& trace);

void print_failure(const RunOptions& o, PropertySet bad, const std::string& trace);

}  // namespace hmm
