#pragma once
#include "tools/verbs/common.h"

namespace hmm {

void add_random(CLI::App& app, int& exit_code);

struct WalkSummary {
  std::string scope;
  std::uint64_t steps = 0, scans = 0;
  double seconds = 0;
  PropertySet bad = 0;
  std::string trace, way_out;  // of a failing run; of one that leaves the ranges of the scope
  std::uint64_t seed = 0;
};
// Walks the scope and saves a failing run as the options say.
WalkSummary walk_scope(const RunOptions& o, const Profile& k, const std::string& scope,
                       std::uint64_t seed, std::uint64_t steps, double seconds);
std::uint64_t fresh_seed();

}  // namespace hmm
