#pragma once
#include <catch2/catch.hpp>

#include "model/calls/world.h"
#include "traces/conform.h"
#include "traces/profile_file.h"

// Recordings written in a test, and what conform says of them; calls without a recording.
namespace hmm {

inline ConformOptions options(SwapKernel kernel = SwapKernel::v6_12) {
  return {load_profile("6.12"), kernel, {}};
}

inline ConformReport report_of(const std::string& text, const ConformOptions& o = options()) {
  ConformReport report;
  conform(parse_recording(text, "r.txt"), o, report);
  return report;
}

inline std::string only_divergence(const ConformReport& report) {
  REQUIRE(report.divergences.size() == 1);
  CHECK(report.agreeing == 0);
  return print_divergence(report.divergences[0]);
}

// A process with nothing mapped, and the driver.
struct OneProfile {
  Profile profile = options().profile;
};
struct OneProcess : OneProfile, World<RecordingDomain> {
  using D = RecordingDomain;
  OneProcess() : World(profile) {}
};

}  // namespace hmm
