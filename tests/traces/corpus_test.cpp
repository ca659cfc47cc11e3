// Every trace of the corpus does what it says, and every property holds along it.
#include <catch2/catch.hpp>
#include <filesystem>

#include "properties/engines/judged_machine.h"
#include "traces/replay.h"

namespace hmm {
namespace {

std::vector<std::string> corpus() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(HMM_SOURCE_DIR) + "/traces"))
    if (entry.path().extension() == ".trace") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("the corpus") {
  const auto files = corpus();
  REQUIRE(files.size() > 100);
  for (const auto& file : files) {
    CAPTURE(file);
    const TraceFile trace = load_trace(file, all_property_names());
    CHECK_FALSE(trace.comments.empty());
    const Profile k = trace.kernel();
    const auto machine = machine_at(trace.scope);
    start(*machine, trace);
    ReplayHooks hooks;
    hooks.after_step = [&](Verdict, const TraceLine&) {
      CHECK(machine->violated(k, kAllProperties) == 0);
    };
    const ReplayReport r = replay(trace, k, *machine, hooks);
    CHECK(r.divergence == "");
  }
}

}  // namespace hmm
