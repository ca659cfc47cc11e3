#pragma once
#include "tools/verbs/common.h"

namespace hmm {

// The trace of a failing run, ending in what it violates.
std::string failing_trace(const Profile& k, const std::string& scope, const PlainSteps& steps,
                          PropertySet bad, const Leaves* start = nullptr);

// Saves a failing run at once, then its shortest canonical form; returns the latter's text.
std::string save_failure(const RunOptions& o, const Profile& k, const std::string& scope,
                         const PlainSteps& steps, PropertySet bad);

void print_failure(const RunOptions& o, PropertySet bad, const std::string& trace);

}  // namespace hmm
