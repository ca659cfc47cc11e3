// RapidCheck draws sequences of steps among those that take effect. What fails shrinks through its
// own tree first, and then to the canonical trace, the explorer's.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "properties/engines/rapid.h"
#include "properties/waivers.h"
#include "tools/runs/failure.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

Profile sound(const std::string& name = "6.12") {
  return without_breaking_defects(load_profile(name));
}
Profile without(const char* rule) {
  Profile k = sound();
  k.*switch_named(rule)->at = false;
  return k;
}

// Of the kernels whose profiles break no promise by themselves.
std::vector<std::string> sound_profiles() {
  std::vector<std::string> names;
  for (const auto& name : profile_names())
    if (load_profile_file(name).breaks.empty()) names.push_back(name);
  return names;
}

RapidResult drawn(std::string_view scope, const Profile& k, std::uint64_t sequences,
                  std::uint64_t seed = 1, PropertySet properties = promises()) {
  RapidOptions options;
  options.seed = seed;
  options.sequences = sequences;
  options.properties = properties;
  return rapid(scope, k, options);
}

// Where a promise misses a rule.
struct Broken {
  const char* rule;
  const char* scope;
  std::uint64_t seed = 1;  // the first that comes by it within 500 sequences
};
constexpr std::array kBroken = {
    Broken{"invalidate_sets_seq", "tiny"},
    Broken{"invalidate_clears_mirror", "tiny"},
    Broken{"own_migrate_event_sets_seq", "tiny"},
    Broken{"commit_checks_seq", "tiny"},
    Broken{"unmap_checks_refcount", "coherent_fork"},
    Broken{"fork_downgrades_private", "pins"},
    Broken{"mprotect_downgrades_private", "tiny"},
    Broken{"zap_keeps_migration_ref", "tiny"},
    Broken{"zap_drops_private_rmap", "tiny"},
    Broken{"reuse_checks_refcount", "fork"},
    Broken{"finalize_unlocks_source", "tiny"},
    Broken{"finalize_restores_others", "fork"},
    Broken{"failed_copy_is_sigbus", "watched"},
    Broken{"busy_page_is_not_sigbus", "returns"},
    Broken{"restore_keeps_write_bit", "fork"},
    Broken{"restore_notifies", "shared"},
    Broken{"zap_drops_exclusive_ref", "shared"},
    Broken{"fork_restores_exclusive", "shared"},
    Broken{"eviction_locks_page", "coherent"},
    Broken{"migrate_refuses_cached", "coherent"},
    Broken{"gup_skips_private", "tiny"},
    Broken{"collect_checks_pin", "tiny"},
    Broken{"memunmap_unindexes_first", "memory"},
    Broken{"removal_waits_for_drain", "closing"},
    Broken{"commit_holds_lock", "tiny"},
    Broken{"driver_holds_buffer", "buffers"},
    Broken{"driver_waits_for_clear", "buffers", 3},
    Broken{"collect_marks_dirty", "swap", 2},
    Broken{"driver_marks_dirty", "swap"},
};

Violation explored(const Broken& row, const Profile& k, PropertySet wanted) {
  ExploreOptions options;
  options.properties = wanted;
  const ExploreResult found = explore(row.scope, k, options);
  REQUIRE((found.bad & wanted) != 0);
  return {found.bad, found.counterexample};
}

// No step can be left out of what RapidCheck's tree leads to, nor one of its values be the least.
void check_is_small(const Broken& row, const Profile& k, const PlainSteps& steps,
                    PropertySet property) {
  const auto machine = machine_at(row.scope);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    PlainSteps fewer = steps;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(first_violation(*machine, k, fewer, property) == 0);
    for (std::size_t f = 0; f < steps[i].values.size(); ++f) {
      const auto& sort = step_infos()[steps[i].kind].fields[f].sort;
      PlainSteps lower = steps;
      lower[i].values[f] = static_cast<unsigned>(range_of(sort, machine->scope()).first);
      if (lower != steps) CHECK(first_violation(*machine, k, lower, property) == 0);
    }
  }
}

}  // namespace

TEST_CASE("every property holds after every step at every scope, and most draws take effect",
          "[long]") {
  for (const auto& name : sound_profiles())
    for (const auto& scope : built_scopes()) {
      const RapidResult r = drawn(scope, sound(name), 50, 1, kAllProperties);
      CAPTURE(name, scope, failing_trace(sound(name), scope, r.counterexample, r.bad));
      CHECK(r.bad == 0);
      CHECK(r.sequences == 50);
      CHECK(r.draws == 50 * 250);
      CHECK(r.fewest >= 100);
      CHECK(r.effective >= r.fewest * 50);
    }
}

TEST_CASE("every step is taken within 200 sequences") {
  for (const auto& name : sound_profiles()) {
    std::vector<std::uint64_t> taken(step_infos().size());
    for (const char* scope : {"tiny", "pins", "moves", "shared", "coherent", "coherent_fork",
                              "memory", "closing", "buffers", "swap", "lazyfree"}) {
      const RapidResult r = drawn(scope, sound(name), 18, 2);
      CHECK(r.sequences == 18);
      for (std::size_t kind = 0; kind < taken.size(); ++kind) taken[kind] += r.taken[kind];
    }
    std::vector<std::string_view> never;
    for (std::size_t kind = 0; kind < taken.size(); ++kind)
      // What the kernel does without is waived.
      if (const auto step = step_infos()[kind].name;
          taken[kind] == 0 && waiver_of(step, Verdict::ok, sound(name)) == nullptr)
        never.push_back(step);
    CAPTURE(name);
    CHECK(never == std::vector<std::string_view>{});
  }
}

TEST_CASE("each rule that is broken is found by a promise, with the explorer's trace") {
  std::vector<std::string> longer;
  for (const Broken& row : kBroken) {
    CAPTURE(row.rule, row.scope);
    const Profile k = without(row.rule);
    const RapidResult r = drawn(row.scope, k, 500, row.seed);
    CHECK(r.bad != 0);
    if (r.bad == 0) continue;
    const PropertySet property = first_of(r.bad);
    check_is_small(row, k, r.counterexample, property);
    const auto machine = machine_at(row.scope);
    const auto text = [&](const Violation& v) {
      return failing_trace(k, row.scope, shortest_failure(*machine, k, v.steps, v.bad), v.bad);
    };
    const Violation drawn_one{r.bad, r.counterexample};
    const std::string shrunk = text(explored_failure(row.scope, k, drawn_one, promises()));
    CHECK(shrunk == text(explored(row, k, promises())));

    // What shrink() makes of RapidCheck's smallest run without the explorer.
    const PlainSteps alone = shortest_failure(*machine, k, r.counterexample, property);
    const std::size_t least = explored(row, k, property).steps.size();
    CHECK(alone.size() >= least);
    if (alone.size() > least)
      longer.push_back(
          fmt::format("{} at {}: {} steps, not {}", row.rule, row.scope, alone.size(), least));
  }
  CAPTURE(longer);
  CHECK(longer.size() <= kBroken.size() / 2);
}

TEST_CASE("each rule that is broken is found from ten seeds", "[.nightly]") {
  for (const Broken& row : kBroken)
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(row.rule, row.scope, seed);
      CHECK(drawn(row.scope, without(row.rule), 5'000, seed).bad != 0);
    }
}

TEST_CASE("every rule switch has a row") {
  for (const Switch& s : kSwitches) {
    if (s.group != SwitchGroup::rule) continue;
    CAPTURE(s.name);
    CHECK(std::count_if(kBroken.begin(), kBroken.end(), [&](const Broken& row) {
            return row.rule == std::string_view(s.name);
          }) == 1);
  }
}

TEST_CASE("what is drawn depends on the seed and on nothing else") {
  const Profile k = without("finalize_unlocks_source");
  const RapidResult one = drawn("tiny", k, 500), same = drawn("tiny", k, 500);
  CHECK(one.counterexample == same.counterexample);
  CHECK(one.taken == same.taken);
  CHECK(one.found_in == same.found_in);
  CHECK(drawn("tiny", k, 500, 2).taken != one.taken);
}

TEST_CASE("a strengthening that breaks first is noted, and a promise looked for") {
  const RapidResult r =
      drawn("tiny", without("own_migrate_event_sets_seq"), 500, 1, kAllProperties);
  CHECK((r.bad & promises()) != 0);
  CHECK(r.weak.bad == property_named("sequence_protocol"));
  const RapidResult weak = drawn("tiny", without("own_migrate_event_sets_seq"), 500, 1,
                                 property_named("sequence_protocol"));
  CHECK(weak.bad == property_named("sequence_protocol"));
  CHECK(weak.weak.bad == 0);
}

TEST_CASE("draws say whether an override decided anything") {
  Profile k = sound();
  k.owner_filter = false;
  const auto undecided = [&](const char* scope) {
    RapidOptions options;
    options.sequences = 200;
    options.properties = 0;
    options.overrides = {{"owner_filter=0", sound()}};
    return rapid(scope, k, options).undecided;
  };
  CHECK(undecided("tiny") == std::vector<std::string>{"owner_filter=0"});
  CHECK(undecided("devices").empty());
}

TEST_CASE("draws stop at their number, or when asked") {
  RapidOptions options;
  options.draws = 1'010;
  CHECK(rapid("tiny", sound(), options).draws == 1'010);
  std::stop_source stop;
  options.stop = stop.get_token();
  stop.request_stop();
  CHECK(rapid("tiny", sound(), options).draws == 0);
}

}  // namespace hmm
