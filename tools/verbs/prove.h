#pragma once
#include "properties/engines/prove.h"
#include "tools/verbs/common.h"

namespace hmm {

void add_prove(CLI::App& app, int& exit_code);

struct ProofLine {
  std::string step, property;
  Answer answer{};
  double ms = 0;
  bool leaves_ranges = false;
  std::string trace;  // a refutation: the state it starts from, and the step
};
struct ProofSummary {
  std::string scope;
  std::vector<ProofLine> lines;
  PropertySet initial_bad = 0;
  double seconds = 0;
  std::size_t count(Answer answer) const;
};
ProofSummary prove_scope(const RunOptions& o, const Profile& k, const std::string& scope,
                         const std::string& only_step, unsigned timeout_ms);

}  // namespace hmm
