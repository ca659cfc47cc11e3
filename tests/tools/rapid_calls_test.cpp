// RapidCheck draws sequences of user calls, with every property judged after each step of each.
#include "tools/runs/rapid_calls.h"

#include <array>
#include <catch2/catch.hpp>
#include <set>

#include "model/defects.h"
#include "tools/runs/recording_properties.h"
#include "traces/conform.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

Profile sound(const std::string& name) { return without_breaking_defects(load_profile(name)); }

RapidCallsResult drawn(const Profile& k, std::uint64_t sequences, std::uint64_t seed = 1,
                       PropertySet properties = promises()) {
  RapidCallsOptions options;
  options.seed = seed;
  options.sequences = sequences;
  options.properties = properties;
  return rapid_calls(k, options);
}

std::string text_of(const RapidCallsResult& r) { return print_recording({"drawn", {r.trace}, {}}); }

// What conform says of the printed trace, with the promises judged.
ConformReport judged(const Profile& k, const std::string& text) {
  ConformOptions options{k, SwapKernel::v6_12,
                         [](const Profile& profile, const State<RecordingDomain>& s) {
                           return violated_names_of(promises(), profile, s);
                         }};
  ConformReport report;
  conform(parse_recording(text, "drawn.txt"), options, report);
  return report;
}

// The other rules decide nothing in one call after another: they are of what two do at once, of a
// device that fails, or of an entry that a call never comes to, as it faults before.
constexpr std::array kRules = {
    "invalidate_clears_mirror", "unmap_checks_refcount", "fork_downgrades_private",
    "zap_drops_private_rmap", "mprotect_downgrades_private", "reuse_checks_refcount",
    "finalize_unlocks_source", "finalize_restores_others", "restore_keeps_write_bit",
    "zap_drops_exclusive_ref", "fork_restores_exclusive", "migrate_refuses_cached",
    // Two in which kernels differ.
    "owner_filter", "fault_takes_page_ref"};
constexpr std::array kDefectsShown = {"range_fault_ignores_write", "restore_takes_exclusive",
                                      "clear_refs_keeps_swap_write", "private_forgets_soft_dirty"};
constexpr std::size_t kLongest = 6;

}  // namespace

TEST_CASE("calls keep every property on both kernels, and every call succeeds") {
  const std::string name = GENERATE("6.1", "6.12");
  const RapidCallsResult r = drawn(sound(name), 200, 1, kAllProperties);
  CAPTURE(name, r.failure, text_of(r));
  CHECK(r.failure.empty());
  CHECK(r.sequences == 200);
  CHECK(r.refused == 0);
  CHECK(r.calls >= r.sequences * 20);
  CHECK(r.succeeded * 2 >= r.calls);
  CHECK(r.steps >= r.calls);
  CHECK_FALSE(r.held_at.empty());
  std::size_t kind = 0;
  for_each_call([&](const auto& one) {
    CAPTURE(one.row.name);
    CHECK(r.times[kind++] > 0);
  });
}

// 6.12 has no make_device_exclusive(), nor 7.3 make_device_exclusive_range().
TEST_CASE("calls are held at every place, and after it where it can be told from others",
          "[long]") {
  std::set<std::string> held;
  for (const char* name : {"6.12", "7.3"})
    for (const auto& [place, times] : drawn(sound(name), 4'000, 1, 0).held_at)
      held.insert(place.substr(place.find(' ') + 1));
  CHECK(held == std::set<std::string>(kPlaces.begin(), kPlaces.end()));
}

TEST_CASE("a rule that calls show broken is found by a promise, and printed as a recording") {
  for (const char* rule : kRules) {
    Profile k = sound("6.12");
    const auto at = switch_named(rule)->at;
    k.*at = !(k.*at);
    const RapidCallsResult r = drawn(k, 1'000);
    CAPTURE(rule, r.found_in, r.failure);
    CHECK_FALSE(r.failure.empty());
    if (r.failure.empty()) continue;
    CAPTURE(text_of(r));
    CHECK(r.trace.steps.size() <= kLongest);
    const ConformReport report = judged(k, text_of(r));
    REQUIRE(report.divergences.size() == 1);
    CHECK(report.divergences[0].model == r.failure);
    CHECK(report.divergences[0].trace.steps.size() == r.trace.steps.size());
    // With the rule these calls break nothing, though they may come back with something else.
    for (const auto& d : judged(sound("6.12"), text_of(r)).divergences)
      CHECK_THAT(d.model, !Catch::Contains("violated"));
  }
}

TEST_CASE("a defect that calls show is found by the property that it is known to break") {
  for (const char* defect : kDefectsShown) {
    Profile k = sound("6.12");
    k.*switch_named(defect)->at = true;
    const RapidCallsResult r = drawn(k, 2'000);
    CAPTURE(defect, r.found_in, r.failure);
    CHECK_FALSE(r.failure.empty());
    if (r.failure.empty()) continue;
    CAPTURE(text_of(r));
    CHECK(r.trace.steps.size() <= kLongest);
    const ConformReport report = judged(k, text_of(r));
    CHECK(report.divergences.empty());
    CHECK_FALSE(report.broken.empty());
    for (const auto& [what, count] : report.broken) CHECK(what.first == defect);
  }
}

TEST_CASE("calls depend on the seed and on nothing else") {
  Profile k = sound("6.12");
  k.zap_drops_private_rmap = false;
  const RapidCallsResult one = drawn(k, 1'000), same = drawn(k, 1'000);
  CHECK(text_of(one) == text_of(same));
  CHECK(one.times == same.times);
  CHECK(drawn(k, 1'000, 2).times != one.times);
}

TEST_CASE("calls stop when asked") {
  RapidCallsOptions options;
  std::stop_source stop;
  options.stop = stop.get_token();
  stop.request_stop();
  CHECK(rapid_calls(sound("6.12"), options).sequences == 0);
}

TEST_CASE("a call that the model cannot play to its end is shown, and is no verdict") {
  Profile k = sound("6.12");
  drop_rule(k, "do_anonymous_page.set_pte", {"no page is ever mapped"});
  const RapidCallsResult r = drawn(k, 20, 1, 0);
  CHECK(r.failure.empty());
  REQUIRE(r.refused != 0);
  CHECK_THAT(r.refusal, Catch::Contains("needs_fault"));
  CHECK(r.trace.steps.size() == 2);
  CHECK_THAT(text_of(r), Catch::Contains("A mmap"));
}

}  // namespace hmm
