#pragma once
#include "properties/engines/engines.h"
#include "tools/runs/report.h"
#include "tools/runs/stop.h"

// Liveness as verbs ask it.
namespace hmm {

struct Lived {
  LivenessResult result;
  std::vector<ReportRow> rows;  // one of each claim, in their order
};
// The options' progress and stop are set here.
Lived live_rows(const std::string& scope, const Profile& k, LivenessOptions options,
                const Stop& stop);

std::string_view name_of(LiveClaim claim);
std::vector<std::string_view> names_of_live_claims();
std::optional<LiveClaim> live_claim_named(std::string_view name);
// What it says, for people.
const char* sentence_of(LiveClaim claim);

// `cpu mm=0 vpn=0 write=0, a cycle of 6 steps`.
std::string said_of_hang(const std::vector<Want>& wants, std::size_t cycle);

}  // namespace hmm
