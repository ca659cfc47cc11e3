// RapidCheck draws sequences of steps among those that take effect. What fails shrinks through its
// own tree first, and then to the canonical trace.
#include <rapidcheck.h>

#include <array>
#include <catch2/catch.hpp>
#include <set>

#include "model/step_infos.h"
#include "properties/engines/judged_machine.h"
#include "tools/runs/failure.h"
#include "traces/profile_file.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

constexpr std::size_t kLength = 250, kEpisode = 80;
constexpr std::uint64_t kSeed = 1;

// Each pick names a kind of step of those that are enabled, and an instance of it; the swarm is the
// kinds that the sequence does without where it can, and others it takes rarely, so that what ends
// things, such as a device that fails, ends them early, late or not at all.
struct Draws {
  std::uint64_t swarm = 0, rare = 0;
  std::vector<std::uint32_t> picks;
};

rc::Gen<Draws> arbitrary_draws() {
  return rc::gen::map(rc::gen::pair(rc::gen::arbitrary<std::array<std::uint64_t, 5>>(),
                                    rc::gen::container<std::vector<std::uint32_t>>(
                                        kLength, rc::gen::arbitrary<std::uint32_t>())),
                      [](const auto& drawn) {
                        // An eighth of the kinds, and a quarter.
                        const auto& [a, b, c, d, e] = drawn.first;
                        return Draws{a & b & c, d & e, drawn.second};
                      });
}

// Of two kinds the one that the sequence has taken less often: `taken` is how often it has taken
// each.
const PlainStep& picked(const PlainSteps& enabled, const Draws& draws, std::uint32_t pick,
                        const std::vector<unsigned>& taken) {
  std::vector<std::pair<std::size_t, std::size_t>> kinds, all;  // first, count
  for (std::size_t i = 0; i < enabled.size(); ++i) {
    if (i == 0 || enabled[i].kind != enabled[i - 1].kind) all.emplace_back(i, 0);
    ++all.back().second;
  }
  for (const auto& one : all)
    if ((draws.swarm >> enabled[one.first].kind & 1) == 0) kinds.push_back(one);
  if (kinds.empty()) kinds = all;
  // Small numbers, which RapidCheck prefers, are as good as any others.
  std::uint64_t h = pick;
  for (int more = 16;; --more) {
    h = (h + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    h ^= h >> 31;
    const auto a = kinds[h % kinds.size()], b = kinds[(h >> 16) % kinds.size()];
    const bool less = taken[enabled[a.first].kind] <= taken[enabled[b.first].kind];
    const auto [first, count] = less ? a : b;
    const PlainStep& step = enabled[first + (h >> 32) % count];
    if ((draws.rare >> step.kind & 1) == 0 || (h >> 24) % 32 == 0 || more == 0) return step;
  }
}

struct Ran {
  PlainSteps steps;  // since the machine began anew
  PropertySet bad = 0;
  std::size_t effective = 0;
};

// Where nothing is left to do, and every so often, all begins anew.
Ran run(JudgedMachine& machine, const Profile& k, const Draws& draws, PropertySet wanted,
        std::set<std::size_t>* fired = nullptr) {
  Ran ran;
  std::vector<unsigned> taken(step_infos().size());
  machine.restart(nullptr);
  for (const std::uint32_t pick : draws.picks) {
    const PlainSteps enabled = machine.enabled(k);
    if (enabled.empty() || !machine.is_in_range() || ran.steps.size() == kEpisode) {
      machine.restart(nullptr);
      ran.steps.clear();
      continue;
    }
    const PlainStep step = picked(enabled, draws, pick, taken);
    ++taken[step.kind];
    machine.take(k, step);
    ran.steps.push_back(step);
    ++ran.effective;
    if (fired != nullptr) fired->insert(step.kind);
    ran.bad = machine.violated(k, wanted);
    if (ran.bad != 0) break;
  }
  return ran;
}

rc::Shrinkable<Draws> drawn(std::uint64_t n) {
  return arbitrary_draws()(rc::Random(kSeed * 1'000'000 + n), 100);
}

// The smallest of RapidCheck's own tree that still fails, as far as so many tries lead.
Ran shrunk(JudgedMachine& machine, const Profile& k, rc::Shrinkable<Draws> from,
           PropertySet wanted) {
  Ran best = run(machine, k, from.value(), wanted);
  int tries = 300;
  for (bool smaller = true; smaller && tries > 0;) {
    smaller = false;
    auto shrinks = from.shrinks();
    for (auto next = shrinks.next(); next && tries-- > 0; next = shrinks.next()) {
      Ran ran = run(machine, k, next->value(), wanted);
      if (ran.bad == 0) continue;
      best = std::move(ran);
      from = *next;
      smaller = true;
      break;
    }
  }
  return best;
}

}  // namespace

TEST_CASE("every property holds after every step, and every step is taken") {
  for (const auto& name : profile_names()) {
    if (!load_profile_file(name).breaks.empty()) continue;
    const Profile k = without_breaking_defects(load_profile(name));
    std::set<std::size_t> fired;
    std::size_t effective = 0, sequences = 0;
    for (const char* scope :
         {"tiny", "pins", "devices", "watched", "shared", "coherent", "coherent_fork", "pair"}) {
      const auto machine = machine_at(scope);
      for (std::uint64_t n = 0; n < 150; ++n, ++sequences) {
        const Ran ran = run(*machine, k, drawn(n).value(), kAllProperties, &fired);
        CAPTURE(name, scope, n, failing_trace(k, scope, ran.steps, ran.bad));
        REQUIRE(ran.bad == 0);
        effective += ran.effective;
      }
    }
    CHECK(effective / sequences >= 100);
    std::vector<std::string_view> never;
    for (std::size_t kind = 0; kind < step_infos().size(); ++kind)
      // A walk of the reverse mappings comes by other vmas only while a page is half unmapped.
      if (fired.count(kind) == 0 && step_infos()[kind].name != std::string_view("rmap_walk"))
        never.push_back(step_infos()[kind].name);
    CAPTURE(name, effective, sequences);
    CHECK(never == std::vector<std::string_view>{});
  }
}

TEST_CASE("broken rules are found by a promise, and shrink to a trace that says so") {
  for (const char* rule :
       {"invalidate_sets_seq", "invalidate_clears_mirror", "own_migrate_event_sets_seq",
        "commit_checks_seq", "zap_keeps_migration_ref", "zap_drops_private_rmap",
        "unmap_checks_refcount", "finalize_unlocks_source", "gup_skips_private"}) {
    CAPTURE(rule);
    Profile k = without_breaking_defects(load_profile("6.12"));
    set_switch(k, std::string(rule) + "=0");
    const auto machine = machine_at("tiny");
    bool found = false;
    for (std::uint64_t n = 0; n < 2'000 && !found; ++n) {
      const auto draws = drawn(n);
      if (run(*machine, k, draws.value(), promises()).bad == 0) continue;
      found = true;
      const Ran small = shrunk(*machine, k, draws, promises());
      REQUIRE((small.bad & promises()) != 0);
      const PlainSteps shortest = shortest_failure(*machine, k, small.steps, small.bad);
      CHECK(shortest.size() <= small.steps.size());
      const std::string text = failing_trace(k, "tiny", shortest, small.bad);
      CHECK(steps_of(parse_trace(text, "shrunk", all_property_names())) == shortest);
      ExploreOptions options;
      options.properties = small.bad & (~small.bad + 1);
      // The explorer's is a shortest one.
      CHECK(shortest.size() >= explore("tiny", k, options).counterexample.size());
    }
    CHECK(found);
  }
}

}  // namespace hmm
