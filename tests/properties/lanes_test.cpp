// What the explorer judges many states of at once is judged as one by one: every step's verdict,
// every property and how often each claim is given, on states that a run comes by and on states
// that it must not.
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/plain.h"
#include "model/scopes.h"
#include "properties/engines/engines.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/judged_machine.h"
#include "properties/engines/lane_states.h"
#include "properties/engines/walk.h"
#include "tests/goldens/goldens.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

// Compares all verdicts and properties of the states; counts the comparisons.
template <Scope S>
class Comparison {
  using D = Concrete<S>;
  using P = Packing<S>;

 public:
  Comparison(const std::string& scope, const Profile& k) : k_(k) {
    for (auto& machine : machines_) machine = machine_at(scope);
  }

  void add(const Leaves& s) {
    states_.push_back(s);
    packed_.push_back(P::pack(state_of<S>(s)));
    if (states_.size() == kLanes) finish();
  }
  void finish() {
    if (states_.empty()) return;
    for (std::size_t i = 0; i < states_.size(); ++i) machines_[i]->restart(&states_[i]);
    const LaneStates<S> wide(packed_);
    for_each_step<D>([&](const auto& step, std::size_t) {
      const LaneNum verdicts = wide.check(k_, step);
      const PlainStep one = plain<S>(step);
      for (std::size_t i = 0; i < states_.size(); ++i, ++compared)
        if (static_cast<Verdict>(verdicts.v[i]) != verdict_on(i, one)) {
          CAPTURE(std::remove_cvref_t<decltype(step)>::name, i);
          FAIL("a verdict differs");
        }
    });
    ClaimCounts side_by_side{}, alone{};
    for (std::size_t p = 0; p < kProperties; ++p) {
      const LaneSet hold =
          wide.all_hold(k_, PropertySet{1} << p, first_lanes(states_.size()), side_by_side);
      for (std::size_t i = 0; i < states_.size(); ++i, ++compared) {
        const bool holds = machines_[i]->violated(k_, PropertySet{1} << p) == 0;
        failing += holds ? 0 : 1;
        count_given(k_, state_of<S>(states_[i]), PropertySet{1} << p, alone);
        if ((hold >> i & 1) != (holds ? 1u : 0u)) {
          CAPTURE(kPropertyInfos[p].name, i);
          FAIL("a property differs");
        }
      }
    }
    for (std::size_t c = 0; c < kClaims; ++c)
      if (side_by_side[c] != alone[c]) {
        CAPTURE(name_of_claim(c), side_by_side[c], alone[c]);
        FAIL("how often a claim is given differs");
      }
    states_.clear();
    packed_.clear();
  }

  std::uint64_t compared = 0, failing = 0;

 private:
  Verdict verdict_on(std::size_t i, const PlainStep& step) {
    const Verdict verdict = machines_[i]->take(k_, step);
    if (takes_effect(verdict)) machines_[i]->restart(&states_[i]);
    return verdict;
  }

  const Profile& k_;
  std::array<std::unique_ptr<JudgedMachine>, kLanes> machines_;  // in each of the states
  std::vector<Leaves> states_;
  std::vector<typename P::Packed> packed_;
};

// The state with some leaves at random values of their ranges.
template <Scope S>
Leaves disturbed(const Leaves& leaves, Random& random) {
  using P = Packing<S>;
  auto s = state_of<S>(leaves);
  for (unsigned changes = 1 + random.below(3); changes > 0; --changes) {
    const std::size_t wanted = random.below(P::leaves);
    std::size_t i = 0;
    for_each_leaf(
        [&](auto& leaf, const Sort& sort) {
          const std::size_t at = i++;
          if (at != wanted || P::layout.width[at] == 0) return;
          const Range range = range_of(sort, S);
          set_leaf(leaf, range.first + random.below(range.count));
        },
        s);
  }
  return leaves_of<S>(s);
}

std::uint64_t comparisons_of_a_state(const std::string& scope) {
  return goldens::golden("scope " + scope, "instances") + kProperties;
}

// A state and, a little changed, what is no state of any run.
template <Scope S>
void add_both(Comparison<S>& comparison, const Leaves& s, Random& random) {
  comparison.add(s);
  comparison.add(disturbed<S>(s, random));
}

}  // namespace

TEST_CASE("states side by side are judged as each alone, all of the tiny scope") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  Comparison<kTiny> comparison("tiny", k);
  ExploreOptions options;
  options.each_state = [&](const Leaves& s) { comparison.add(s); };
  REQUIRE(explore("tiny", k, options).complete);
  comparison.finish();
  CHECK(comparison.compared ==
        comparisons_of_a_state("tiny") * goldens::golden("explore tiny", "states"));
  CHECK(comparison.failing == 0);
}

TEST_CASE("states that no run comes by are judged as each alone, coherent memory") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  Comparison<kCoherent> comparison("coherent", k);
  Random random(1);
  std::size_t i = 0;
  ExploreOptions options;
  options.each_state = [&](const Leaves& s) {
    if (i++ % 16 == 0) add_both<kCoherent>(comparison, s, random);
  };
  REQUIRE(explore("coherent", k, options).complete);
  comparison.finish();
  CHECK(comparison.failing > 50'000);
}

// Every step has instances here.
TEST_CASE("states that no run comes by are judged as each alone, all features") {
  const Profile k = load_profile("6.1");
  Comparison<kPair> comparison("pair", k);
  Random random(1);
  for (const auto& s : states_along_walk("pair", without_breaking_defects(k), 20'000))
    add_both<kPair>(comparison, s, random);
  comparison.finish();
  CHECK(comparison.compared == comparisons_of_a_state("pair") * 40'000);
  CHECK(comparison.failing > 20'000);
}

TEST_CASE("a group may be smaller than there are lanes") {
  const Profile k = load_profile("6.12");
  Comparison<kPair> comparison("pair", k);
  for (const auto& s : states_along_walk("pair", without_breaking_defects(k), 5)) comparison.add(s);
  comparison.finish();
  CHECK(comparison.compared == comparisons_of_a_state("pair") * 5);
  CHECK(first_lanes(1) == 1);
  CHECK(first_lanes(kLanes) == ~LaneSet{0});
}

}  // namespace hmm
