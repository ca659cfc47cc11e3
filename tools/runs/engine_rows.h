#pragma once
#include <functional>

#include "properties/engines/engines.h"
#include "properties/engines/rapid.h"
#include "tools/runs/rapid_calls.h"
#include "tools/runs/report.h"
#include "tools/runs/stop.h"

// The engines as verbs run them: with progress on a terminal, until they are asked to stop, and
// what came out as a row of a report, which has no text yet. A failing run is shrunk. The options'
// progress and stop are set here.
namespace hmm {

struct Explored {
  ExploreResult result;
  ReportRow row;
};
Explored explore_row(const std::string& scope, const Profile& k, ExploreOptions options,
                     const Stop& stop);

struct Walked {
  WalkResult result;
  ReportRow row;
};
Walked walk_row(const std::string& scope, const Profile& k, WalkOptions options, const Stop& stop);

// A failing run is as short as the explorer's, where that is built for the scope.
struct Drawn {
  RapidResult result;
  ReportRow row;
};
Drawn rapid_row(const std::string& scope, const Profile& k, RapidOptions options, const Stop& stop);

// Its run is a recording.
struct DrawnCalls {
  RapidCallsResult result;
  ReportRow row;
};
DrawnCalls rapid_calls_row(const Profile& k, RapidCallsOptions options, const Stop& stop);

// One row for all of it. `each` is called with a row for each step and property, in the order of
// the steps, as soon as they are there: as many as proof_rows() says.
struct Proved {
  ProofReport result;
  ReportRow row;
};
Proved prove_row(const std::string& scope, const Profile& k, ProveOptions options, const Stop& stop,
                 const std::function<void(ReportRow)>& each = {});
std::size_t proof_rows(const ProveOptions& options);
// What the initial state violates, and which claims are given in no state and so say nothing.
ReportRow initial_row(const std::string& scope, const Profile& k, PropertySet wanted);
ReportRow given_row(const ProofReport& report);

struct Bounded {
  BoundedResult result;
  PropertySet bad = 0;
  ReportRow row;
};
Bounded bounded_row(const std::string& scope, const Profile& k, BoundedOptions options,
                    const Stop& stop);

// The swap entries of every config, a row for each property of each; what that takes.
std::size_t encodings_count();
double encoding_rows(unsigned timeout_ms, const Stop& stop,
                     const std::function<void(ReportRow)>& each);

// A new seed, from the system.
std::uint64_t fresh_seed();

// `violated: a, b`; nothing if nothing is.
std::string violation(PropertySet bad);

Judgement judgement_of(Answer answer);

}  // namespace hmm
