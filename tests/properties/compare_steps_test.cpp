// Two kernels, step by step: what is proved to be the same is, and what differs is shown.
#include "properties/engines/compare_steps.h"

#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

Profile sound() { return without_breaking_defects(load_profile("6.12")); }

Profile without_owner_filter() {
  Profile k = sound();
  k.owner_filter = false;
  return k;
}

// The steps that differ, each shown to.
std::vector<std::string_view> that_differ(std::string_view scope, const Profile& a,
                                          const Profile& b) {
  std::vector<std::string_view> names;
  for (const auto& one : compare_steps(scope, a, b)) {
    CAPTURE(scope, step_infos()[one.step].name);
    CHECK(one.answer != Answer::unknown);
    if (one.answer != Answer::refuted) continue;
    names.push_back(step_infos()[one.step].name);
    const auto machine = machine_at(scope);
    machine->restart(&one.state);
    CHECK(machine->violated(a, kAllProperties) == 0);
    CHECK(machine->take(a, *one.counterexample) == one.a);
    const Leaves after_a = machine->leaves();
    machine->restart(&one.state);
    CHECK(machine->take(b, *one.counterexample) == one.b);
    CHECK((takes_effect(one.a) != takes_effect(one.b) || one.a != one.b ||
           after_a != machine->leaves()));
  }
  return names;
}

}  // namespace

TEST_CASE("a kernel is what it is, without asking") {
  std::size_t same = 0;
  for (const auto& one : compare_steps("pair", sound(), sound())) {
    if (one.answer == Answer::out_of_scope) continue;
    CHECK(one.answer == Answer::proved);
    CHECK(one.same_text);
    ++same;
  }
  CHECK(same > 50);
}

TEST_CASE("whether owners are compared makes no difference to one device, and does to two") {
  CHECK(that_differ("tiny", sound(), without_owner_filter()).empty());
  CHECK(that_differ("pair", sound(), without_owner_filter()) ==
        std::vector<std::string_view>{"hmm_range_fault", "migrate_vma_collect"});
}

TEST_CASE("a rule that is dropped differs in its step and in no other") {
  Profile k = sound();
  drop_rule(k, "zap_pte_range.put_page", {"test"});
  CHECK(that_differ("tiny", sound(), k) == std::vector<std::string_view>{"zap_pte_range"});
}

TEST_CASE("one step alone, and no longer than to the first that differs") {
  CompareOptions options;
  options.only_step = "hmm_range_fault";
  const auto one = compare_steps("pair", sound(), without_owner_filter(), options);
  REQUIRE(one.size() == 1);
  CHECK(one[0].answer == Answer::refuted);
  options = {};
  options.threads = 1;
  options.first_difference = true;
  const auto all = compare_steps("pair", sound(), without_owner_filter(), options);
  CHECK(std::count_if(all.begin(), all.end(),
                      [](const auto& x) { return x.answer == Answer::refuted; }) == 1);
}

TEST_CASE("where no proofs are built nothing is compared") {
  CHECK_THROWS_AS(compare_steps("pages", sound(), sound()), std::invalid_argument);
  CHECK_THROWS_AS(compare_steps("huge", sound(), sound()), std::invalid_argument);
}

}  // namespace hmm
