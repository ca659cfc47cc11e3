// A kernel beside the model. The kernel here is the model of another one.
#include "tests/tools/binary.h"
#include "tools/runs/campaign_log.h"
#include "tools/runs/validate.h"
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

TEST_CASE("a campaign that was killed goes on where it was, and loses no finding") {
  const ConformOptions kernel = kernel_with(&Profile::range_fault_ignores_write, true);
  const ConformOptions model = kernel_with(&Profile::range_fault_ignores_write, false);
  CampaignOptions options = options_of(kernel, model);
  options.batch = 10;
  const CampaignResult at_once = campaign(options);
  REQUIRE_FALSE(at_once.findings.empty());
  // Killed in the third batch: what is kept is of the first two.
  const CampaignIdentity of{.kernel = "6.12", .rules = "6.12", .batch = 10};
  std::string kept;
  std::stop_source stop;
  options.stop = stop.get_token();
  options.batch_is_done = [&](const CampaignResult& r) {
    if (!stop.stop_requested()) kept = print_campaign(of, r);
  };
  options.progress = [&](const CampaignResult& r) {
    if (r.traces == 25) stop.request_stop();
  };
  campaign(options);
  const Folder folder;
  const std::string log = folder.file("campaign.json", kept);
  options.before = load_campaign(log, of);
  CHECK(options.before.traces == 20);
  options.stop = {};
  options.progress = {};
  const CampaignResult r = campaign(options);
  CHECK(r.traces == at_once.traces);
  CHECK(r.calls == at_once.calls);
  CHECK(print_campaign(of, r) == print_campaign(of, at_once));
}

TEST_CASE("what a fresh kernel does not do was left behind, and can be left out") {
  const ConformOptions kernel = kernel_with(&Profile::range_fault_ignores_write, true);
  const ConformOptions model = kernel_with(&Profile::range_fault_ignores_write, false);
  CampaignOptions options = options_of(kernel, model);
  options.drive_one = options_of(model, model).drive_one;
  const CampaignResult kept = campaign(options);
  REQUIRE_FALSE(kept.findings.empty());
  CHECK(kept.findings.begin()->second.reduced.traces.empty());
  options.alone_only = true;
  CHECK(campaign(options).findings.empty());
}

TEST_CASE("what a campaign has kept is of that campaign, or refused") {
  const Folder folder;
  const std::string log = folder / "campaign.json";
  const CampaignIdentity of{.kernel = "6.12", .rules = "6.12"};
  CHECK(load_campaign(log, of).traces == 0);
  folder.file("campaign.json", print_campaign(of, {.traces = 50, .calls = 900, .findings = {}}));
  CHECK(load_campaign(log, of).calls == 900);
  CHECK_THROWS_WITH(load_campaign(log, {.kernel = "6.1", .rules = "6.12"}),
                    Catch::StartsWith(log + ":1: expected the campaign "));
  for (const char* text : {"", "[]", "{\"campaign\": 1}"}) {
    folder.file("campaign.json", text);
    CHECK_THROWS_WITH(load_campaign(log, of), Catch::StartsWith(log + ":1: expected "));
  }
}

namespace {

ValidateOptions patch_of(const ConformOptions& base, const ConformOptions& patched,
                         const ConformOptions& rules) {
  ValidateOptions options;
  options.drive_base = options_of(base, base).drive;
  options.drive_one_base = options.drive_base;
  options.drive_patched = options_of(patched, patched).drive;
  options.drive_one_patched = options.drive_patched;
  options.base = base;
  options.patched = rules;
  options.traces = 60;
  return options;
}

}  // namespace

TEST_CASE("a patch does what its rules say, or more, or nothing") {
  const ConformOptions base = kernel_with(&Profile::range_fault_ignores_write, true);
  const ConformOptions mended = kernel_with(&Profile::range_fault_ignores_write, false);
  const ValidateResult as_said = validate(patch_of(base, mended, mended));
  CHECK(as_said.introduced().empty());
  CHECK(as_said.base_is_as_ruled());
  REQUIRE(as_said.changed.contains("dwrite: EFAULT -> ok"));
  const ChangedCall& changed = as_said.changed.at("dwrite: EFAULT -> ok");
  CHECK((changed.times > 0 && changed.as_ruled == changed.times));
  CHECK(print_result(changed.base.steps.back().call.result) == "EFAULT");
  CHECK(changed.patched.steps.size() == changed.base.steps.size());

  const ValidateResult unsaid = validate(patch_of(base, mended, base));
  const auto introduced = unsaid.introduced();
  REQUIRE_FALSE(introduced.empty());
  const Finding& unruled = introduced.front();
  CHECK_THAT(unruled.name, Catch::StartsWith("differs-dwrite-"));
  CHECK(unruled.reduced.traces.front().steps.size() <= 5);
  CHECK_FALSE(unsaid.changed.empty());
  for (const auto& [name, one] : unsaid.changed) CHECK(one.as_ruled == 0);

  const ValidateResult nothing = validate(patch_of(base, base, base));
  CHECK((nothing.parted == 0 && nothing.introduced().empty() && nothing.base.traces == 60));

  // A rule that is said to change and does not.
  const ValidateResult without_effect = validate(patch_of(base, base, mended));
  CHECK(without_effect.parted == 0);
  CHECK(without_effect.introduced().size() == 1);
}

}  // namespace hmm
