#include "traces/shrink.h"

#include <catch2/catch.hpp>
#include <random>

#include "properties/engines/check_all.h"
#include "properties/engines/explore.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

constexpr Scope kTwo{.mms = 2, .vpns = 1, .system_pages = 2};
constexpr Scope kMany{.mms = 2,
                      .mirrored_mms = 2,
                      .vpns = 2,
                      .system_pages = 4,
                      .private_pages = 2,
                      .devices = 2,
                      .invalidations = 2,
                      .migrations = 2,
                      .device_faults = 2,
                      .cpu_faults = 2,
                      .holds = 2,
                      .tokens = 3};

PropertySet set_of(std::string_view name) {
  for (std::size_t i = 0; i < kProperties; ++i)
    if (kPropertyInfos[i].name == name) return PropertySet{1} << i;
  return 0;
}

template <Scope S>
using Steps = std::vector<Step<Concrete<S>>>;

template <Scope S>
bool fails(const Profile& k, PropertySet property, const Steps<S>& steps) {
  auto s = initial_state<Concrete<S>>();
  for (const auto& step : steps) {
    take<Concrete<S>>(k, s, step);
    if (violated(k, s, property) != 0) return true;
  }
  return false;
}

// Steps that take effect, drawn at random, up to some way after the first violation.
template <Scope S>
Steps<S> random_failure(const Profile& k, PropertySet property, unsigned seed) {
  using D = Concrete<S>;
  constexpr int kLongest = 4'000;
  constexpr int kAfter = 5;
  std::mt19937 random(seed);
  for (;;) {
    Steps<S> steps;
    State<D> s = initial_state<D>();
    int left = kLongest;
    for (; left > 0; --left) {
      Steps<S> enabled;
      for_each_step<D>([&](const auto& step, std::size_t) {
        if (takes_effect(verdict_of<D>(k, s, step))) enabled.push_back(step);
      });
      if (enabled.empty()) break;
      steps.push_back(enabled[random() % enabled.size()]);
      take<D>(k, s, steps.back());
      if (violated(k, s, property) != 0) left = std::min(left, kAfter);
    }
    if (fails<S>(k, property, steps)) return steps;
  }
}

template <Scope S>
std::string text_of(const Steps<S>& steps) {
  std::string out;
  for (const auto& step : steps) out += print_step(plain<S>(step)) + "\n";
  return out;
}

struct Bug {
  const char* off;
  const char* property;
};

// From any random run, as short as the explorer's, which is a shortest one.
template <Scope S>
void check_shrinks(const Bug& bug) {
  INFO(bug.off);
  Profile k = load_profile("6.12");
  set_switch(k, std::string(bug.off) + "=0");
  const PropertySet property = set_of(bug.property);
  REQUIRE(property != 0);
  const auto still_fails = [&](const Steps<S>& steps) { return fails<S>(k, property, steps); };

  ExploreOptions options;
  options.properties = property;
  options.threads = 1;
  const auto shortest = Explorer<S>(k, options).run().counterexample;
  REQUIRE_FALSE(shortest.empty());

  for (unsigned seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    const Steps<S> failure = random_failure<S>(k, property, seed);
    const Steps<S> shrunk = shrink<S>(k, failure, still_fails);
    CHECK(still_fails(shrunk));
    CHECK(shrunk.size() == shortest.size());
    CHECK(text_of<S>(shrink<S>(k, failure, still_fails)) == text_of<S>(shrunk));
    CHECK(text_of<S>(shrink<S>(k, shrunk, still_fails)) == text_of<S>(shrunk));
  }
}

TEST_CASE("random failures shrink to the length of the shortest, and no further the next time") {
  check_shrinks<Scope{}>({"commit_checks_seq", "no_stale_install"});
  check_shrinks<kTwo>({"commit_checks_seq", "no_stale_install"});
}

TEST_CASE("things are named in order of first use, in their zones") {
  const auto step = [](std::string_view text) { return typed<kMany>(parse_step(kMany, text, {})); };
  const Steps<kMany> steps{step("device_fail device=1"), step("unpin_user_page pfn=8 pin=1"),
                           step("unpin_user_page pfn=4 pin=1"), step("unpin_user_page pfn=7 pin=0"),
                           step("cpu_load mm=1 vpn=1")};
  const auto counts_kinds = [](const Steps<kMany>& candidate) {
    std::vector<unsigned> pages;
    bool device = false, load = false;
    for (const auto& s : candidate) {
      const PlainStep p = plain<kMany>(s);
      const auto& shape = step_shapes()[p.kind];
      device = device || shape.name == "device_fail";
      load = load || shape.name == "cpu_load";
      if (shape.name == "unpin_user_page") pages.push_back(p.values[0]);
    }
    // Two pages of one device, and a page of system memory between them.
    return device && load && pages.size() == 3 && pages[0] > 4 && pages[2] > 4 && pages[1] <= 4 &&
           pages[0] != pages[2] && (pages[0] - 5) / 2 == (pages[2] - 5) / 2;
  };
  const Profile k = load_profile("6.12");
  REQUIRE(counts_kinds(steps));
  const auto shrunk = shrink<kMany>(k, steps, counts_kinds);
  CHECK(text_of<kMany>(shrunk) ==
        "cpu_load mm=0 vpn=0\n"
        "unpin_user_page pfn=5 pin=0\n"
        "unpin_user_page pfn=1 pin=0\n"
        "unpin_user_page pfn=6 pin=0\n"
        "device_fail device=0\n");
}

TEST_CASE("steps that do not fail come back as they are") {
  const Steps<kTwo> steps{typed<kTwo>(parse_step(kTwo, "cpu_load mm=1 vpn=0", {}))};
  const auto shrunk =
      shrink<kTwo>(load_profile("6.12"), steps, [](const Steps<kTwo>&) { return false; });
  CHECK(text_of<kTwo>(shrunk) == text_of<kTwo>(steps));
}

TEST_CASE("a failure in the start state needs no steps") {
  const Steps<kTwo> steps{typed<kTwo>(parse_step(kTwo, "cpu_load mm=1 vpn=0", {}))};
  CHECK(shrink<kTwo>(load_profile("6.12"), steps, [](const Steps<kTwo>&) { return true; }).empty());
}

}  // namespace
}  // namespace hmm
