// A claim that is given in no state holds of nothing: every claim of every property is given
// somewhere. A claim that does not hold is named, with its rows.
#include <catch2/catch.hpp>
#include <set>

#include "model/defects.h"
#include "model/plain.h"
#include "model/scopes.h"
#include "properties/engines/check_all.h"
#include "properties/engines/engines.h"
#include "properties/engines/symbolic_state.h"
#include "tools/runs/broken.h"
#include "traces/profile_file.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

Profile sound_kernel() { return without_breaking_defects(load_profile("6.12")); }

// A made-up property, two of whose claims are about nothing: no state of a run has a pte that is
// present and of a page that is free, and none at all has an mm that is alive and is not.
struct MadeUp {
  enum class Claim { given_always, given_at_times, given_in_no_sound_state, given_never };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      const auto present = is<D>(pte.kind, PteKind::present);
      const auto alive = s.mm.at(mm).alive;
      claim(Claim::given_always, true, true, row("pte", mm, vpn));
      claim(Claim::given_at_times, present, pte.pfn == pte.pfn, row("pte", mm, vpn));
      claim(Claim::given_in_no_sound_state, present && pte.pfn != Num(0) && is_free<D>(s, pte.pfn),
            false, row("pte", mm, vpn));
      claim(Claim::given_never, alive && !alive, false, row("mm", mm));
    });
  }
};

std::string broken_claim_of(const BrokenClaim& b) { return name_of_claim(b.claim); }

}  // namespace

TEST_CASE("every claim is given in some explored or walked state") {
  const Profile k = sound_kernel();
  GivenCounts given;
  for (const auto& scope : kScopes) {
    if (scope.explore < Use::quick) continue;
    const auto r = explore(scope.name, k);
    REQUIRE(r.complete);
    REQUIRE(r.bad == 0);
    add_counts(given, r.given);
  }
  // What only two of everything have.
  WalkOptions walking;
  walking.steps = 12'000'000;
  const auto walked = walk("large", k, walking);
  REQUIRE(walked.bad == 0);
  add_counts(given, walked.given);
  CHECK(never_given(given, kAllProperties) == std::vector<std::string>{});
}

TEST_CASE("a claim that is never given is found by name") {
  GivenCounts given(kClaims, 7);
  CHECK(never_given(given, kAllProperties).empty());
  given[kFirstClaim[1]] = 0;
  given[kFirstClaim[2]] = 0;
  CHECK(never_given(given, kAllProperties) ==
        std::vector<std::string>{name_of_claim(kFirstClaim[1]), name_of_claim(kFirstClaim[2])});
  CHECK(never_given(given, PropertySet{1} << 1) ==
        std::vector<std::string>{name_of_claim(kFirstClaim[1])});
}

TEST_CASE("no reachable state gives what no state can") {
  const Profile k = sound_kernel();
  std::array<std::uint64_t, kClaimsOf<MadeUp>> times{};
  std::uint64_t states = 0;
  ExploreOptions options;
  options.each_state = [&](const Leaves& leaves) {
    const auto judgement = judge<MadeUp>(k, state_of<kTiny>(leaves));
    for (std::size_t c = 0; c < times.size(); ++c) times[c] += judgement.given[c] ? 1 : 0;
    ++states;
  };
  REQUIRE(explore("tiny", k, options).complete);
  CHECK(times[0] == states);
  CHECK(times[1] != 0);
  CHECK(times[1] != states);
  CHECK(times[2] == 0);
  CHECK(times[3] == 0);
}

TEST_CASE("the solver finds which claims are given in some state") {
  using D = Symbolic<kTiny>;
  const Profile k = sound_kernel();
  const auto s = fresh_state<D>("s");
  const auto judgement = judge<MadeUp>(k, s);
  const auto can_be = [&](std::size_t c) {
    z3::solver solver = make_solver(60'000);
    solver.add(state_in_range<D>(s).e);
    solver.add(all_hold(k, s, kAllProperties).e);
    solver.add(judgement.given[c].e);
    return solver.check();
  };
  CHECK(can_be(0) == z3::sat);
  CHECK(can_be(1) == z3::sat);
  CHECK(can_be(2) == z3::unsat);
  CHECK(can_be(3) == z3::unsat);
}

// `pair` has all features: there a proof is about something, claim by claim.
TEST_CASE("no proof at the scope that has all features is of a claim about nothing") {
  ProveOptions options;
  const auto report = prove("pair", sound_kernel(), options);
  for (std::size_t c = 0; c < kClaims; ++c) {
    CAPTURE(name_of_claim(c), enumerator_name(report.given[c]));
    CHECK((report.given[c] == Answer::proved || report.given[c] == Answer::out_of_scope));
  }
}

TEST_CASE("a violation says which claim, and with which rows") {
  const Profile k = sound_kernel();
  auto s = initial_state<Concrete<kFork>>();
  CHECK(broken_claims(k, s, kAllProperties).empty());
  // Two processes map page 1, and one of them may write it.
  for (unsigned mm = 0; mm < 2; ++mm) {
    s.vma.set({.mapped = true, .read = true, .write = true}, Small(mm), Small(0));
    s.pte.set(present_pte<Concrete<kFork>>(1u, true, mm == 1), Small(mm), Small(0));
  }
  const auto broken = broken_claims(k, s, property_named("rights_never_grow"));
  REQUIRE(broken.size() == 2);
  CHECK(broken_claim_of(broken[0]) == "rights_never_grow.owning_entry_is_alone");
  CHECK(broken[0].rows ==
        std::vector<Row>{row("pte", 1u, 0u), row("pte", 0u, 0u), row("page", 1u)});
  CHECK(broken_claim_of(broken[1]) == "rights_never_grow.writable_private_page_is_exclusive");
}

TEST_CASE("a property is violated exactly where a claim of it is broken") {
  Profile k = sound_kernel();
  set_switch(k, "commit_checks_seq=0");
  const auto found = explore("tiny", k);
  REQUIRE(found.bad != 0);
  const auto machine = machine_at("tiny");
  for (const auto& step : found.counterexample) machine->take(k, step);
  PropertySet broken = 0;
  for (const auto& b : machine->broken(k, kAllProperties))
    broken |= PropertySet{1} << claim_infos()[b.claim].property;
  CHECK(broken == found.bad);
}

TEST_CASE("a broken claim is a line of text") {
  const std::string trace =
      "hmmcheck-trace 1\nscope fork\nprofile 6.12\n"
      "given mm mm=0 alive=1\n"
      "given vma mm=0 vpn=0 mapped=1 read=1\n"
      "given pte mm=0 vpn=0 kind=present pfn=1 read=1 write=1\n";
  const TraceFile parsed = parse_trace(trace, "t.trace", {});
  const auto machine = machine_at("fork");
  start(*machine, parsed);
  const auto lines = broken_claims(*machine, sound_kernel(), kAllProperties);
  CHECK(std::find(lines.begin(), lines.end(),
                  "rights_never_grow.writable_entry_has_a_writable_vma: pte mm=0 vpn=0 "
                  "kind=present pfn=1 read=1 write=1; vma mm=0 vpn=0 mapped=1 read=1") !=
        lines.end());
}

TEST_CASE("claims have names of their own") {
  std::set<std::string> names;
  for (std::size_t c = 0; c < kClaims; ++c) names.insert(name_of_claim(c));
  CHECK(names.size() == kClaims);
}

}  // namespace hmm
