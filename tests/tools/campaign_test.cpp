// A kernel beside the model. The kernel here is the model of another one.
#include "tools/runs/campaign.h"

#include "tests/tools/binary.h"
#include "traces/conform_run.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

ConformOptions kernel_with(bool Profile::*at, bool value) {
  ConformOptions options{load_profile("6.12"), SwapKernel::v6_12, {}};
  options.profile.*at = value;
  return options;
}

DrivenTrace driven(const RecordedTrace& trace, const ConformOptions& kernel) {
  DrivenTrace out;
  out.trace.seed = trace.seed;
  ConformRun run(kernel);
  for (const auto& step : trace.steps) {
    RecordedCall call = step.call;
    call.result = {};
    call.result = run.call(call);
    if (!call.result.unknown.empty()) break;
    const bool is_over = call.result.ends_in(Ending::no_return);
    out.trace.steps.push_back({call, is_over ? std::vector<Observation>{} : run.observe()});
    if (!is_over) continue;
    out.how = call.result.is(Outcome::hangs) ? Driven::hangs : Driven::oops;
    break;
  }
  return out;
}

CampaignOptions options_of(const ConformOptions& kernel, const ConformOptions& model) {
  CampaignOptions options;
  options.drive = [&kernel](const auto& traces) {
    std::vector<DrivenTrace> all;
    for (const auto& trace : traces) all.push_back(driven(trace, kernel));
    return all;
  };
  options.drive_one = options.drive;
  options.model = model;
  options.traces = 40;
  return options;
}

}  // namespace

TEST_CASE("a kernel that is as the model says is no finding, whatever it dies of") {
  const ConformOptions same = kernel_with(&Profile::range_fault_ignores_write, true);
  const CampaignResult r = campaign(options_of(same, same));
  CHECK(r.traces == 40);
  CHECK(r.calls > 400);
  CHECK(r.findings.empty());
}

TEST_CASE("what a kernel does otherwise is one finding, with the fewest calls that show it") {
  const ConformOptions kernel = kernel_with(&Profile::range_fault_ignores_write, true);
  const ConformOptions model = kernel_with(&Profile::range_fault_ignores_write, false);
  CampaignOptions options = options_of(kernel, model);
  std::size_t told = 0;
  options.found = [&](const Finding&) { ++told; };
  const CampaignResult r = campaign(options);
  CHECK(told == r.findings.size());
  REQUIRE(r.findings.contains("differs-dwrite-EFAULT"));
  const Finding& finding = r.findings.at("differs-dwrite-EFAULT");
  CHECK_THAT(finding.says, Catch::Contains(": kernel EFAULT, model ok cpages="));
  CHECK((finding.reduced.repeated == 5 && finding.reduced.of == 5));
  REQUIRE(finding.reduced.traces.size() == 1);
  const auto& steps = finding.reduced.traces.front().steps;
  CHECK(steps.size() <= 5);
  CHECK(row_of(steps.back().call.what).name == "dwrite");
  CHECK(print_result(steps.back().call.result) == "EFAULT");
}

}  // namespace hmm
