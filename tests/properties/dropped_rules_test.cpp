// A run goes without a rule. Where that leads out of the ranges of the scope the engines say so, or
// say what is violated there; none of them ends in anything but a verdict.
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/rules.h"
#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

Profile without(const std::string& id) {
  Profile k = without_breaking_defects(load_profile("6.12"));
  drop_rule(k, id, {"test"});
  return k;
}

PropertySet violated_after(const Profile& k, const PlainSteps& steps) {
  const auto machine = machine_at("tiny");
  for (const auto& step : steps) REQUIRE(takes_effect(machine->take(k, step)));
  return machine->violated(k, kAllProperties);
}

// Gives back a reference that nobody has: the counts go below 0.
const std::string kBelowZero = "unpin_user_page.not_held";
// Says nothing of references.
const PropertySet kElsewhere = property_named("owner_isolation");

}  // namespace

TEST_CASE("what is violated beyond the ranges is found") {
  const Profile k = without(kBelowZero);
  const auto found = explore("tiny", k);
  CHECK(found.bad != 0);
  CHECK(violated_after(k, found.counterexample) == found.bad);
  const auto walked = walk("tiny", k);
  CHECK(walked.bad != 0);
  CHECK(violated_after(k, walked.counterexample) == walked.bad);
  const auto bounded = prove_bounded("tiny", k);
  CHECK(bounded.answer == Answer::refuted);
  CHECK(bounded.depth == found.counterexample.size());
  CHECK(violated_after(k, bounded.counterexample) != 0);
  ProveOptions proving;
  proving.only_step = "unpin_user_page";
  const auto proved = prove("tiny", k, proving);
  const auto count = [&](Answer answer, bool leaves) {
    return std::count_if(proved.results.begin(), proved.results.end(), [&](const auto& r) {
      return r.answer == answer && r.leaves_ranges == leaves;
    });
  };
  CHECK(count(Answer::refuted, false) > 0);
  CHECK(count(Answer::unknown, true) > 0);
  CHECK(count(Answer::proved, false) == 0);
}

TEST_CASE("what leads beyond the ranges and violates nothing is not decided") {
  const Profile k = without(kBelowZero);
  ExploreOptions exploring;
  exploring.properties = kElsewhere;
  const auto found = explore("tiny", k, exploring);
  CHECK(found.bad == 0);
  CHECK_FALSE(found.complete);
  REQUIRE_FALSE(found.way_out.empty());
  violated_after(k, found.way_out);
  WalkOptions walking;
  walking.properties = kElsewhere;
  walking.steps = 10'000;
  const auto walked = walk("tiny", k, walking);
  CHECK(walked.bad == 0);
  REQUIRE_FALSE(walked.way_out.empty());
  violated_after(k, walked.way_out);
  BoundedOptions bounding;
  bounding.properties = kElsewhere;
  bounding.to = static_cast<unsigned>(found.way_out.size());
  const auto bounded = prove_bounded("tiny", k, bounding);
  CHECK(bounded.answer == Answer::unknown);
  CHECK(bounded.way_out.size() == found.way_out.size());
}

TEST_CASE("with nothing dropped nothing leads beyond the ranges") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  CHECK(explore("tiny", k).way_out.empty());
  WalkOptions walking;
  walking.steps = 100'000;
  CHECK(walk("large", k, walking).way_out.empty());
}

TEST_CASE("who changes a vma waits for who has its lock to read") {
  for (const char* id : {"munmap.vma_lock", "mprotect_fixup.vma_lock"}) {
    CAPTURE(id);
    Profile k = without_breaking_defects(load_profile("7.3"));
    CHECK(explore("closing", k).bad == 0);
    drop_rule(k, id, {"a lock"});
    CHECK((explore("closing", k).bad & property_named("mmap_lock_excludes")) != 0);
  }
}

// Who opens a range of its own beside another's: no scope that is explored has room for both where
// these steps are.
TEST_CASE(
    "by proof, who changes a vma of 7.3 waits for who has its lock, and MADV_DONTNEED for it") {
  for (const char* id :
       {"munmap.vma_lock", "mprotect_fixup.vma_lock", "move_vma.vma_lock",
        "clear_refs_write.vma_lock", "dup_mmap.vma_lock", "madvise_dontneed.mmap_lock"}) {
    CAPTURE(id);
    Profile k = without_breaking_defects(load_profile("7.3"));
    ProveOptions options;
    options.properties = property_named("mmap_lock_excludes");
    options.only_step = std::string_view(id).substr(0, std::string_view(id).find('.'));
    const auto answers = [&] {
      std::vector<Answer> out;
      for (const auto& r : prove("large", k, options).results) out.push_back(r.answer);
      return out;
    };
    CHECK(answers() == std::vector<Answer>{Answer::proved});
    drop_rule(k, id, {"a lock"});
    CHECK(answers() == std::vector<Answer>{Answer::refuted});
  }
}

TEST_CASE("whichever rule is dropped, searches end in a verdict") {
  for (const auto& r : rules()) {
    const std::string id = print_rule(r.id);
    CAPTURE(id);
    const Profile k = without(id);
    ExploreOptions exploring;
    exploring.max_states = 2'000;
    const auto found = explore("tiny", k, exploring);
    CHECK((found.bad == 0) == found.counterexample.empty());
    WalkOptions walking;
    walking.steps = 2'000;
    walking.threads = 1;
    const auto walked = walk("large", k, walking);
    CHECK((walked.bad == 0) == walked.counterexample.empty());
  }
}

TEST_CASE("what is not compared is the same: a step that names no dropped rule") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  const auto differences = [&](const Profile& other) {
    ExploreOptions options;
    options.properties = 0;
    options.other = other;
    std::vector<std::pair<std::array<std::size_t, 4>, PlainSteps>> out;
    for (const auto& d : explore("waiters", k, options).differences)
      out.push_back({{d.kind, static_cast<std::size_t>(d.a), static_cast<std::size_t>(d.b),
                      static_cast<std::size_t>(d.edges)},
                     d.steps});
    return out;
  };
  std::size_t differ = 0;
  for (const auto& rule : rules()) {
    Profile other = k;
    other.drops.add(rule.id);
    const auto found = differences(other);
    // A switch of calls only: all steps are compared.
    other.merge_takes_either_anon_vma = true;
    CAPTURE(print_rule(rule.id));
    CHECK(differences(other) == found);
    differ += found.empty() ? 0 : 1;
  }
  CHECK(differ > 50);
}

}  // namespace hmm
