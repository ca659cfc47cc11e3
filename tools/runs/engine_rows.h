#pragma once
#include "properties/engines/engines.h"
#include "tools/runs/report.h"

// The engines as verbs run them: with progress on a terminal, a failing run saved and shrunk, and
// what came out as a row of a report, which has no text yet. The options' progress is set here;
// `save` is where a failing trace goes, or empty.
namespace hmm {

struct Explored {
  ExploreResult result;
  ReportRow row;
};
Explored explore_row(const std::string& scope, const Profile& k, ExploreOptions options,
                     const std::string& save);

struct Walked {
  WalkResult result;
  ReportRow row;
};
Walked walk_row(const std::string& scope, const Profile& k, WalkOptions options,
                const std::string& save);

// One row for all of it.
struct Proved {
  ProofReport result;
  ReportRow row;
};
Proved prove_row(const std::string& scope, const Profile& k, ProveOptions options);
// One row for each step and property, and one for an initial state that violates something.
std::vector<ReportRow> rows_of(const std::string& scope, const Profile& k,
                               const ProofReport& report);

struct Bounded {
  BoundedResult result;
  PropertySet bad = 0;
  ReportRow row;
};
Bounded bounded_row(const std::string& scope, const Profile& k, const BoundedOptions& options,
                    const std::string& save);

// The swap entries of every config: a row for each property of each, and the milliseconds.
struct Encoded {
  std::vector<ReportRow> rows;
  double seconds = 0;
};
Encoded encoding_rows(unsigned timeout_ms);

// A new seed, from the system.
std::uint64_t fresh_seed();

// `violated: a, b`; nothing if nothing is.
std::string violation(PropertySet bad);

Judgement judgement_of(Answer answer);

}  // namespace hmm
