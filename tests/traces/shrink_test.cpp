#include "traces/shrink.h"

#include <catch2/catch.hpp>

#include "model/scopes.h"
#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"
#include "traces/profile_file.h"
#include "traces/text.h"

namespace hmm {
namespace {

// A random walk up to the first violation, and some way after.
PlainSteps random_failure(const std::string& scope, const Profile& k, PropertySet property,
                          unsigned seed) {
  WalkOptions options;
  options.properties = property;
  options.seed = seed;
  options.threads = 1;
  const auto walked = walk(scope, k, options);
  REQUIRE(walked.bad == property);
  PlainSteps steps = walked.counterexample;
  constexpr std::size_t kAfter = 5;
  for (std::size_t i = 0; i < kAfter; ++i) steps.push_back(steps[i]);
  return steps;
}

std::string text_of(const PlainSteps& steps) {
  std::string out;
  for (const auto& step : steps) out += print_step(step) + "\n";
  return out;
}

struct Bug {
  const char* off;
  const char* property;
};

// From any random run, as short as the explorer's, which is a shortest one.
void check_shrinks(const std::string& scope, const Bug& bug) {
  INFO(bug.off);
  Profile k = load_profile("6.12");
  set_switch(k, std::string(bug.off) + "=0");
  const PropertySet property = property_named(bug.property);
  REQUIRE(property != 0);
  const auto machine = machine_at(scope);
  const auto still_fails = [&](const PlainSteps& steps) {
    return first_violation(*machine, k, steps, property) != 0;
  };

  ExploreOptions options;
  options.properties = property;
  options.threads = 1;
  const auto shortest = explore(scope, k, options).counterexample;
  REQUIRE_FALSE(shortest.empty());

  for (unsigned seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    const PlainSteps failure = random_failure(scope, k, property, seed);
    const PlainSteps shrunk = shrink(*machine, k, failure, still_fails);
    CHECK(still_fails(shrunk));
    CHECK(shrunk.size() == shortest.size());
    CHECK(text_of(shrink(*machine, k, failure, still_fails)) == text_of(shrunk));
    CHECK(text_of(shrink(*machine, k, shrunk, still_fails)) == text_of(shrunk));
  }
}

TEST_CASE("random failures shrink to the length of the shortest, and no further the next time") {
  check_shrinks("tiny", {"commit_checks_seq", "no_stale_install"});
}

TEST_CASE("things are named in order of first use, in their zones") {
  const auto step = [](std::string_view text) { return parse_step(kLarge, text, {}); };
  const PlainSteps steps{step("device_fail device=1"), step("unpin_user_page pfn=8 pin=1"),
                         step("unpin_user_page pfn=4 pin=1"), step("unpin_user_page pfn=7 pin=0"),
                         step("cpu_load mm=1 vpn=1")};
  const auto counts_kinds = [](const PlainSteps& candidate) {
    std::vector<unsigned> pages;
    bool device = false, load = false;
    for (const auto& s : candidate) {
      const auto& shape = step_shapes()[s.kind];
      device = device || shape.name == "device_fail";
      load = load || shape.name == "cpu_load";
      if (shape.name == "unpin_user_page") pages.push_back(s.values[0]);
    }
    // Two pages of one device, and a page of system memory between them.
    return device && load && pages.size() == 3 && pages[0] > 4 && pages[2] > 4 && pages[1] <= 4 &&
           pages[0] != pages[2] && (pages[0] - 5) / 2 == (pages[2] - 5) / 2;
  };
  const Profile k = load_profile("6.12");
  REQUIRE(counts_kinds(steps));
  const auto shrunk = shrink(*machine_at("large"), k, steps, counts_kinds);
  CHECK(text_of(shrunk) ==
        "cpu_load mm=0 vpn=0\n"
        "unpin_user_page pfn=5 pin=0\n"
        "unpin_user_page pfn=1 pin=0\n"
        "unpin_user_page pfn=6 pin=0\n"
        "device_fail device=0\n");
}

TEST_CASE("what cannot be shrunk") {
  const PlainSteps steps{parse_step(kTiny, "cpu_load mm=0 vpn=0", {})};
  const Profile k = load_profile("6.12");
  const auto machine = machine_at("tiny");
  SECTION("steps that do not fail come back as they are") {
    CHECK(shrink(*machine, k, steps, [](const PlainSteps&) { return false; }) == steps);
  }
  SECTION("a failure in the start state needs no steps") {
    CHECK(shrink(*machine, k, steps, [](const PlainSteps&) { return true; }).empty());
  }
}

}  // namespace
}  // namespace hmm
