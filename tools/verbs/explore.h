#pragma once
#include "properties/engines/enumerate.h"
#include "tools/verbs/common.h"

namespace hmm {

class Witnesses;

void add_explore(CLI::App& app, int& exit_code);

// What an exploration says, without its scope's type.
struct ExploreSummary {
  std::string scope;
  std::uint64_t states = 0, edges = 0;
  unsigned depth = 0;
  double seconds = 0, bytes_per_state = 0;
  bool complete = false;
  PropertySet bad = 0;
  std::string trace;    // the shortest counterexample
  std::string way_out;  // the trace of a run that leaves the ranges of the scope, if one does
  VerdictsSeen seen{};
};
void require_explorable(const std::string& scope);  // throws InputError
// Explores the scope and saves a counterexample as the options say.
ExploreSummary explore_scope(const RunOptions& o, const Profile& k, const std::string& scope,
                             std::uint64_t max_states, Witnesses* witnesses = nullptr);

// `step -> verdict` for each verdict of a step that was not seen, waived ones left out.
std::vector<std::string> verdicts_never_reached(const VerdictsSeen& seen);

}  // namespace hmm
