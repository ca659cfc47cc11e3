// RapidCheck draws step sequences; what fails is saved and printed as a trace, then shrunk.
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "model/plain.h"
#include "model/scopes.h"
#include "tools/runs/failure.h"
#include "tools/runs/files.h"
#include "traces/profile_file.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

using D = Concrete<kDefault>;

rc::Gen<PlainStep> arbitrary_step() {
  return rc::gen::exec([] {
    PlainStep step{*rc::gen::inRange<std::size_t>(0, kSteps), {}};
    for (const auto& f : step_shapes()[step.kind].fields) {
      // Every step has instances at this scope.
      const Range range = range_of(f.sort, kPair);
      step.values.push_back(*rc::gen::inRange(range.first, range.first + range.count));
    }
    return step;
  });
}

rc::Gen<PlainSteps> arbitrary_steps() {
  return rc::gen::resize(400, rc::gen::container<PlainSteps>(arbitrary_step()));
}

}  // namespace

TEST_CASE("every property holds after every step") {
  for (const auto& name : profile_names()) {
    if (!load_profile_file(name).breaks.empty()) continue;
    const Profile k = load_profile(name);
    const auto machine = machine_at("pair");
    rc::prop("from an address space with nothing mapped, profile " + name, [&] {
      const PlainSteps steps = *arbitrary_steps();
      const PropertySet bad = first_violation(*machine, k, steps, kAllProperties);
      if (bad != 0) {
        RC_LOG(save_failure("random_test-failure.trace", k, "pair", steps, bad));
      }
      RC_ASSERT(bad == 0);
    });
  }
}

TEST_CASE("a broken rule is found, saved, and shrunk to its shortest trace") {
  Profile k = load_profile("6.12");
  set_switch(k, "commit_checks_seq=0");
  const std::string path =
      (std::filesystem::temp_directory_path() / "hmmcheck-random-test.trace").string();
  // Drawn steps around the bug, as a long random run would have them.
  const auto trace = load_trace(std::string(HMM_SOURCE_DIR) + "/traces/starts/mapped.trace", {});
  PlainSteps steps = steps_of(trace);
  for (const Step<D>& step : std::initializer_list<Step<D>>{
           MmuIntervalReadBegin<D>{}, CpuStore<D>{}, HmmRangeFault<D>{}, Munmap<D>{}, CpuLoad<D>{},
           MnItreeInvalidate<D>{}, MmuIntervalReadRetry<D>{}})
    steps.push_back(plain<kDefault>(step));
  const PropertySet bad = first_violation(*machine_at("default"), k, steps, kAllProperties);
  REQUIRE(bad != 0);
  const std::string text = save_failure(path, k, "default", steps, bad);
  CHECK(read_input(path) == text);
  CHECK(steps_of(parse_trace(text, path, all_property_names())).size() == 7);
  std::filesystem::remove(path);
}

}  // namespace hmm
