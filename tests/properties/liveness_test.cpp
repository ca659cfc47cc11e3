// Who gets through in the end: a search of a graph, and a judge of one run that knows nothing of
// it.
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/scopes.h"
#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

const LivenessResult::Found& found(const LivenessResult& r, LiveClaim claim) {
  return r.claims[static_cast<std::size_t>(claim)];
}

Profile kernel(const std::string& name) { return load_profile(name); }

Profile without(Profile k, const std::string& rule) {
  drop_rule(k, rule, {"test"});
  return k;
}

// Why the run is none that hangs, as far as the steps themselves say.
std::string denied(const std::string& scope, const Profile& k, const Hung& hung) {
  const auto machine = machine_at(scope);
  for (const auto& step : hung.run)
    if (!takes_effect(machine->take(k, step))) return "that a step of the run is rejected";
  return why_no_hang(*machine, k, hung.wants, hung.cycle);
}

std::size_t length(const Hung& hung) { return hung.run.size() + hung.cycle.size(); }

}  // namespace

TEST_CASE("a kernel hangs where it is known to, and nowhere else") {
  std::size_t known = 0;
  for (const char* const name : {"v16", "6.12", "7.3"})
    for (const auto& hang : kHangs) {
      CAPTURE(name, hang.name);
      const Profile k = without_breaking_defects(kernel(name));
      const LivenessResult r = liveness(hang.scope, k);
      REQUIRE(r.complete);
      for (const auto& one : r.claims)
        if (one.hung) CHECK(denied(hang.scope, k, *one.hung) == "");
      const auto hung = [&](const LivenessResult& of) {
        for (unsigned c = 0; c < kEnumerators<LiveClaim>; ++c)
          if (enumerator_name(static_cast<LiveClaim>(c)) == hang.claim)
            return of.claims[c].hung.has_value();
        FAIL("no claim of that name");
        return false;
      };
      // Another hang may break the same claim there.
      Profile alone = without_known_hangs(k);
      alone.*switch_named(hang.mended_by)->at = k.*switch_named(hang.mended_by)->at;
      CHECK(hung(liveness(hang.scope, alone)) == hangs(k, hang));
      if (hangs(k, hang)) CHECK(hung(r));
      known += hangs(k, hang) ? 1 : 0;
      if (hangs(k, hang)) CHECK_FALSE(hung(liveness(hang.scope, without_known_hangs(k))));
    }
  CHECK(known == 5);
}

TEST_CASE("every claim is asked at some scope, and holds but for what is known") {
  std::array<std::size_t, kEnumerators<LiveClaim>> asked{};
  const Profile k = without_known_hangs(without_breaking_defects(kernel("6.12")));
  for (const auto& scope : kScopes) {
    if (scope.live < Use::quick) continue;
    CAPTURE(scope.name);
    const LivenessResult r = liveness(scope.name, k);
    CHECK(r.complete);
    CHECK_FALSE(r.leaves_ranges);
    for (unsigned c = 0; c < kEnumerators<LiveClaim>; ++c) {
      CAPTURE(std::string(enumerator_name(static_cast<LiveClaim>(c))));
      CHECK_FALSE(r.claims[c].hung);
      asked[c] += r.claims[c].asked;
    }
  }
  for (const std::size_t times : asked) CHECK(times > 0);
}

TEST_CASE("what breaks progress is seen by who waits for it, as a cycle or as a standstill") {
  struct Broken {
    const char *scope, *rule;
    LiveClaim claim;
    std::size_t run, cycle;
  };
  const Broken broken[] = {
      {"tiny", "migrate_device_unmap.own_fault", LiveClaim::cpu_accesses_end, 10, 8},
      {"tiny", "migrate_device_finalize.unlock_src", LiveClaim::cpu_accesses_end, 19, 7},
      {"tiny", "hmm_range_fault.end", LiveClaim::device_accesses_end, 6, 1},
      {"tiny", "hmm_range_fault.end", LiveClaim::what_is_in_flight_ends, 6, 1},
      {"tiny", "migrate_to_ram.fault_page", LiveClaim::what_is_in_flight_ends, 18, 0},
      {"crowd", "migrate_vma_end.end", LiveClaim::what_is_in_flight_ends, 5, 1},
      {"closing", "mmu_interval_notifier_insert.insert", LiveClaim::additions_end, 0, 1},
      {"lives", "memremap_pages.add_pages", LiveClaim::additions_end, 1, 1},
      {"lives", "memunmap_pages.remove_pages", LiveClaim::removals_end, 3, 1},
  };
  for (const auto& one : broken) {
    CAPTURE(one.scope, one.rule);
    const Profile k = without(without_breaking_defects(kernel("6.12")), one.rule);
    const auto hung = found(liveness(one.scope, k), one.claim).hung;
    REQUIRE(hung);
    CHECK(hung->run.size() == one.run);
    CHECK(hung->cycle.size() == one.cycle);
    CHECK(hung->is_shortest);
    CHECK(denied(one.scope, k, *hung) == "");
    LivenessOptions alone;
    alone.threads = 1;
    const auto again = found(liveness(one.scope, k, alone), one.claim).hung;
    REQUIRE(again);
    CHECK(length(*again) == length(*hung));
  }
}

TEST_CASE("what is assumed of drivers and holders is what keeps this from hanging") {
  struct Policy {
    const char *scope, *name;
    LiveClaim claim;
  };
  const Policy policies[] = {
      {"tiny", "driver_gives_pages_back", LiveClaim::cpu_accesses_end},
      {"worker", "worker_passes_over_failures", LiveClaim::device_accesses_end},
      {"tiny", "holder_lets_go", LiveClaim::what_is_in_flight_ends},
      {"lives", "driver_empties_memory", LiveClaim::removals_end},
  };
  std::size_t asked = 0;
  for (const Switch& s : kSwitches) asked += s.group == SwitchGroup::policy ? 1 : 0;
  CHECK(asked == std::size(policies));
  for (const Policy& policy : policies) {
    CAPTURE(policy.scope, policy.name);
    Profile k = without_known_hangs(without_breaking_defects(kernel("7.3")));
    CHECK_FALSE(found(liveness(policy.scope, k), policy.claim).hung);
    k.*switch_named(policy.name)->at = false;
    const auto hung = found(liveness(policy.scope, k), policy.claim).hung;
    REQUIRE(hung);
    CHECK(denied(policy.scope, k, *hung) == "");
    k.*switch_named(policy.name)->at = true;
    CHECK(denied(policy.scope, k, *hung) != "");
  }
}

TEST_CASE("a run that does not hang is denied, with the reason") {
  const Profile k = without_breaking_defects(kernel("6.12"));
  const auto hung = found(liveness("returns", k), LiveClaim::cpu_accesses_end).hung;
  REQUIRE(hung);
  const auto with = [&](const auto& change) {
    Hung other = *hung;
    change(other);
    return denied("returns", k, other);
  };
  CHECK(with([](Hung&) {}) == "");
  CHECK(with([](Hung& h) { h.cycle.pop_back(); }) == "that it ends elsewhere than it began");
  CHECK(with([](Hung& h) { h.cycle.clear(); }) == "that something goes on");
  CHECK(with([](Hung& h) { h.run.clear(); }) ==
        "that not all of them are in want before step 1 of the cycle");
  CHECK(with([](Hung& h) { h.wants.clear(); }) == "that step 2 of the cycle is nobody's turn");
  // The kernel in which the second fault waits for the first goes on otherwise.
  CHECK(denied("returns", kernel("7.3"), *hung) != "");
}

TEST_CASE("every scope that is asked what ends has room for all who want something") {
  for (const auto& scope : kScopes) {
    CAPTURE(scope.name);
    if (scope.live != Use::none) CHECK(wants_of(scope.scope).count <= kMostWants);
  }
}

TEST_CASE("a search for hangs that is cut short says so") {
  LivenessOptions options;
  options.max_states = 1000;
  CHECK_FALSE(liveness("tiny", kernel("6.12"), options).complete);
  std::stop_source stop;
  stop.request_stop();
  options = {};
  options.stop = stop.get_token();
  CHECK_FALSE(liveness("tiny", kernel("6.12"), options).complete);
}

}  // namespace hmm
