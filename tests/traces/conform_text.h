#pragma once
#include <catch2/catch.hpp>

#include "model/calls/dmirror_migrate.h"
#include "model/calls/process.h"
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
struct World {
  using D = RecordingDomain;
  Profile profile = options().profile;
  State<D> state{};
  Caller<D> caller{profile, state};
  DmirrorTable<D> table{};
  Pipes<D> pipes{};

  World() {
    state.mm.slot[0].alive = true;
    caller.driver = &table;
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
};

}  // namespace hmm
