// Rules broken on purpose, by profile switch or by dropping them: random, explore and prove all say
// "violated", and the bounded prover's first depth is the explorer's shortest. Deep bugs are
// compared from a start part of the way there (traces/starts), since shorter depths must be refuted
// one by one.
#include "tests/goldens/broken_rules.h"

#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/step_infos.h"
#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"
#include "properties/waivers.h"
#include "tests/goldens/goldens.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

// The explorer's counterexample is a run, and ends in what it says.
void is_found(const std::string& scope, const Profile& k, const ExploreResult& found) {
  CHECK(found.bad != 0);
  const auto machine = machine_at(scope);
  for (const auto& step : found.counterexample) CHECK(takes_effect(machine->take(k, step)));
  CHECK(machine->violated(k, promises()) == found.bad);
}

void every_engine_sees(const std::string& scope, const BrokenRule& broken) {
  CAPTURE(broken.rule, broken.start);
  const Profile k = without(broken);
  WalkOptions walking;
  walking.properties = promises();
  walking.steps = broken.walk_steps;
  if (broken.walk_steps != 0) CHECK(walk(scope, k, walking).bad != 0);

  ExploreOptions exploring;
  exploring.properties = promises();
  is_found(scope, k, explore(scope, k, exploring));

  BoundedOptions bounded;
  bounded.start = exploring.start = state_after(scope, k, broken.start);
  bounded.properties = promises();
  const auto depth = goldens::golden(key_of(broken), "depth");
  const auto shortest = explore(scope, k, exploring);
  CHECK(shortest.counterexample.size() == depth);
  const auto first = prove_bounded(scope, k, bounded);
  CHECK(first.answer == Answer::refuted);
  CHECK(first.depth == depth);

  // They mean the same promise: each sees it broken by itself.
  const PropertySet one = first_of(shortest.bad);
  CAPTURE(names_of_properties(one));
  bounded.properties = walking.properties = one;
  CHECK(prove_bounded(scope, k, bounded).depth == depth);
  walking.steps = 10'000'000;
  CHECK(walk(scope, k, walking).bad == one);
  // An induction takes all properties for granted, and so may refute the strengthening instead that
  // breaks on the way to the promise.
  CHECK(prove(scope, k).count(Answer::refuted) != 0);
}

}  // namespace

TEST_CASE("broken rules of one process") {
  every_engine_sees("tiny",
                    GENERATE(from_range(std::begin(kBrokenAtTiny), std::end(kBrokenAtTiny))));
}

TEST_CASE("broken rules of a process and its child") {
  every_engine_sees("fork",
                    GENERATE(from_range(std::begin(kBrokenAtFork), std::end(kBrokenAtFork))));
}

// Rules about what only larger scopes have: explored where that is, proved and walked where all is.
namespace {

// `walked`: a scope that shows it to a walk, or none.
void searches_see(const std::string& scope, const std::string& flipped,
                  const std::string& walked = "pair") {
  CAPTURE(flipped);
  Profile k = without_breaking_defects(load_profile("6.12"));
  set_switch(k, flipped);
  ExploreOptions exploring;
  exploring.properties = promises();
  is_found(scope, k, explore(scope, k, exploring));

  WalkOptions walking;
  walking.properties = promises();
  walking.steps = 60'000'000;
  if (!walked.empty()) CHECK(walk(walked, k, walking).bad != 0);

  CHECK(prove("pair", k).count(Answer::refuted) != 0);
}

}  // namespace

TEST_CASE("broken rules of exclusive access, evictions and shared mappings", "[long]") {
  searches_see("shared", "restore_notifies=0");
  searches_see("shared", "zap_drops_exclusive_ref=0");
  searches_see("shared", "fork_restores_exclusive=0");
  searches_see("coherent", "migrate_refuses_cached=0");
  searches_see("coherent", "eviction_locks_page=0", "coherent");
  // Some twenty steps that must come in order: no walk of this length came by them.
  searches_see("coherent", "restore_takes_exclusive=1", "");
}

TEST_CASE("a defect breaks every property that it is known to break") {
  for (const auto& defect : kDefects) {
    if (defect.breaks[0] == nullptr) continue;
    CAPTURE(defect.name);
    REQUIRE(is_built(defect.scope, Engine::explore));
    for (const char* name : defect.breaks) {
      if (name == nullptr) break;
      CAPTURE(name);
      ExploreOptions options;
      options.properties = property_named(name);
      REQUIRE(options.properties != 0);
      Profile k = without_breaking_defects(load_profile("6.12"));
      CHECK(explore(defect.scope, k, options).bad == 0);
      k.*switch_named(defect.name)->at = true;
      CHECK(explore(defect.scope, k, options).bad == options.properties);
    }
  }
}

// What a kernel without the switch never comes to, and its search is not asked for.
TEST_CASE("a verdict that is waived for want of a switch is reached where the switch is on") {
  for (const Waiver& waiver : kWaivers) {
    if (waiver.where == nullptr) continue;
    CAPTURE(waiver.step, name_of(waiver.verdict));
    std::size_t kind = 0;
    while (step_infos()[kind].name != waiver.step) ++kind;
    Profile k = without_breaking_defects(load_profile("6.12"));
    const auto reached = [&] {
      bool is_reached = false;
      for (const char* scope : {"tiny", "waiters", "closing", "buffers"}) {
        // Whatever the switch breaks.
        ExploreOptions options;
        options.properties = 0;
        const ExploreResult r = explore(scope, k, options);
        CHECK(r.complete);
        is_reached |= (r.seen[kind] >> static_cast<unsigned>(waiver.verdict) & 1) != 0;
      }
      return is_reached;
    };
    REQUIRE(k.*waiver.where == waiver.on);
    CHECK_FALSE(reached());
    k.*waiver.where = !waiver.on;
    CHECK(reached());
  }
}

TEST_CASE("7.3 keeps every promise where pages are exclusive and where vmas merge") {
  const Profile k = without_breaking_defects(load_profile("7.3"));
  for (const char* scope : {"shared", "coherent", "moves"}) {
    CAPTURE(scope);
    const ExploreResult r = explore(scope, k, {});
    CHECK((r.complete && r.bad == 0));
  }
}

TEST_CASE("with every rule kept, no engine finds anything") {
  for (const auto& name : profile_names()) {
    if (!load_profile_file(name).breaks.empty()) continue;
    CAPTURE(name);
    const Profile k = without_breaking_defects(load_profile(name));
    WalkOptions walking;
    walking.steps = 2'000'000;
    CHECK(walk("default", k, walking).bad == 0);
    for (const auto& r : prove("pair", k).results)
      if (r.answer != Answer::out_of_scope) CHECK(r.answer == Answer::proved);
  }
}

TEST_CASE("who waits for a migration entry with a reference keeps every property, by proof") {
  Profile k = without_breaking_defects(load_profile("7.3"));
  k.migration_wait_takes_page_ref = true;
  std::size_t of_waiting = 0;
  for (const auto& r : prove("waiters", k).results) {
    if (r.answer == Answer::out_of_scope) continue;
    CHECK(r.answer == Answer::proved);
    of_waiting += step_infos()[r.step].name.starts_with("migration_entry_wait") ? 1 : 0;
  }
  CHECK(of_waiting == 2 * property_infos().size());
}

// What a kernel is known to break, and nothing else, is what the explorer and the walker find in
// the model of it.
TEST_CASE("old kernels break what they are known to break") {
  for (const auto& name : profile_names()) {
    ProfileFile file = load_profile_file(name);
    file.profile = without_breaking_defects(file.profile);
    PropertySet known = 0;
    for (const auto& property : file.breaks) {
      CAPTURE(name, property);
      const PropertySet one = property_named(property);
      CHECK((one & promises()) != 0);
      known |= one;
      ExploreOptions options;
      options.properties = one;
      // At tiny no device is removed, no page dropped, nobody watched, and there is one device.
      const std::vector<std::string> scopes{"tiny",     "memory",  "lives",
                                            "lazyfree", "devices", "watched"};
      const auto at = std::find_if(scopes.begin(), scopes.end(), [&](const std::string& scope) {
        return explore(scope, file.profile, options).bad == one;
      });
      REQUIRE(at != scopes.end());
      WalkOptions walking;
      walking.properties = one;
      CHECK(walk(*at, file.profile, walking).bad == one);
    }
    ExploreOptions rest;
    rest.properties = promises() & ~known;
    for (const char* scope : {"tiny", "fork", "memory", "lives", "waiters", "swap", "page_cache",
                              "lazyfree", "devices", "watched"}) {
      CAPTURE(name, scope);
      CHECK(explore(scope, file.profile, rest).bad == 0);
    }
  }
}

}  // namespace hmm
