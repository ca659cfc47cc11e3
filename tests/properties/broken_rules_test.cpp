// Rules broken on purpose, by profile switch or by dropping one: random, explore and prove all say
// "violated", and the bounded prover's first depth is the explorer's shortest. Deep bugs are
// compared from a start part of the way there (traces/starts), since shorter depths must be refuted
// one by one.
#include "tests/goldens/broken_rules.h"

#include <catch2/catch.hpp>

#include "properties/engines/explore_instances.h"
#include "properties/engines/walk_instances.h"
#include "tests/goldens/goldens.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

template <Scope S>
void every_engine_sees(const BrokenRule& broken) {
  CAPTURE(broken.rule, broken.start);
  Profile k = load_profile("6.12");
  if (std::string_view(broken.rule).find('.') != std::string_view::npos)
    drop_rule(k, broken.rule, {"test"});
  else
    set_switch(k, std::string(broken.rule) + "=0");

  WalkOptions walking;
  walking.properties = promises();
  walking.steps = broken.walk_steps;
  if (broken.walk_steps != 0) CHECK(walk<S>(k, walking).bad != 0);

  ExploreOptions exploring;
  exploring.properties = promises();
  Explorer<S> from_nothing(k, exploring);
  const auto found = from_nothing.run();
  CHECK(found.bad != 0);
  auto s = initial_state<Concrete<S>>();
  for (const auto& step : found.counterexample) CHECK(takes_effect(take<Concrete<S>>(k, s, step)));
  CHECK(violated(k, s, promises()) == found.bad);

  const auto proof = prove<S>(k, {});
  CHECK(std::any_of(proof.results.begin(), proof.results.end(),
                    [](const auto& r) { return r.answer == Answer::refuted; }));

  BoundedOptions<S> bounded;
  bounded.start = state_after<S>(k, broken.start);
  bounded.properties = promises();
  Explorer<S> from_start(k, exploring, bounded.start);
  const auto shortest = from_start.run();
  const auto depth = goldens::golden(key_of(broken), "depth");
  CHECK(shortest.counterexample.size() == depth);
  const auto first = prove_bounded<S>(k, bounded);
  CHECK(first.answer == Answer::refuted);
  CHECK(first.depth == depth);
}

}  // namespace

TEST_CASE("broken rules of one process") {
  every_engine_sees<kTiny>(
      GENERATE(from_range(std::begin(kBrokenAtTiny), std::end(kBrokenAtTiny))));
}

TEST_CASE("broken rules of a process and its child") {
  every_engine_sees<kFork>(
      GENERATE(from_range(std::begin(kBrokenAtFork), std::end(kBrokenAtFork))));
}

// Rules about what only larger scopes have: explored where that is, proved and walked where all is.
namespace {

// `Walked`: a scope that shows it to a walk; `proves`: scope `pair` shows it to a proof.
template <Scope S, Scope Walked = kPair, bool proves = true>
void searches_see(const std::string& flipped) {
  CAPTURE(flipped);
  Profile k = without_breaking_defects(load_profile("6.12"));
  set_switch(k, flipped);
  ExploreOptions exploring;
  exploring.properties = promises();
  const auto found = Explorer<S>(k, exploring).run();
  CHECK(found.bad != 0);
  auto s = initial_state<Concrete<S>>();
  for (const auto& step : found.counterexample) CHECK(takes_effect(take<Concrete<S>>(k, s, step)));
  CHECK(violated(k, s, promises()) == found.bad);

  WalkOptions walking;
  walking.properties = promises();
  walking.steps = 60'000'000;
  CHECK(walk<Walked>(k, walking).bad != 0);

  if (!proves) return;
  const auto proof = prove<kPair>(k, {});
  CHECK(std::any_of(proof.results.begin(), proof.results.end(),
                    [](const auto& r) { return r.answer == Answer::refuted; }));
}

}  // namespace

TEST_CASE("broken rules of exclusive access, evictions and shared mappings") {
  searches_see<kShared>("restore_notifies=0");
  searches_see<kShared>("zap_drops_exclusive_ref=0");
  searches_see<kShared>("fork_restores_exclusive=0");
  searches_see<kCoherent>("migrate_refuses_cached=0");
  // Only coherent memory is locked by whoever does not migrate it, and `pair` has none.
  searches_see<kCoherent, kLarge, false>("eviction_locks_page=0");
  searches_see<kCoherent, kLarge, false>("restore_takes_exclusive=1");
}

TEST_CASE("a defect breaks every property that it is known to break") {
  for (const auto& defect : kDefects) {
    if (defect.breaks[0] == nullptr) continue;
    CAPTURE(defect.name);
    REQUIRE(std::string_view(defect.scope) == "coherent");
    for (const char* name : defect.breaks) {
      if (name == nullptr) break;
      CAPTURE(name);
      ExploreOptions options;
      options.properties = property_named(name);
      REQUIRE(options.properties != 0);
      Profile k = without_breaking_defects(load_profile("6.12"));
      CHECK(Explorer<kCoherent>(k, options).run().bad == 0);
      k.*switch_named(defect.name)->at = true;
      CHECK(Explorer<kCoherent>(k, options).run().bad == options.properties);
    }
  }
}

TEST_CASE("with every rule kept, no engine finds anything") {
  for (const auto& name : profile_names()) {
    if (!load_profile_file(name).breaks.empty()) continue;
    CAPTURE(name);
    const Profile k = without_breaking_defects(load_profile(name));
    WalkOptions walking;
    walking.steps = 2'000'000;
    CHECK(walk<kDefault>(k, walking).bad == 0);
    for (const auto& r : prove<kPair>(k, {}).results) CHECK(r.answer == Answer::proved);
  }
}

// What a kernel is known to break, and nothing else, is what the explorer and the walker find in
// the model of it.
TEST_CASE("old kernels break what they are known to break") {
  for (const auto& name : profile_names()) {
    const ProfileFile file = load_profile_file(name);
    PropertySet known = 0;
    for (const auto& property : file.breaks) {
      CAPTURE(name, property);
      const PropertySet one = property_named(property);
      CHECK((one & promises()) != 0);
      known |= one;
      ExploreOptions options;
      options.properties = one;
      CHECK(Explorer<kTiny>(file.profile, options).run().bad == one);
      WalkOptions walking;
      walking.properties = one;
      CHECK(walk<kTiny>(file.profile, walking).bad == one);
    }
    ExploreOptions rest;
    rest.properties = promises() & ~known;
    CAPTURE(name);
    CHECK(Explorer<kTiny>(file.profile, rest).run().bad == 0);
    CHECK(Explorer<kFork>(file.profile, rest).run().bad == 0);
  }
}

}  // namespace hmm
