// What the explorer judges many states of at once is judged as one by one: every step's verdict and
// every property, on states that a run comes by and on states that it must not.
#include <catch2/catch.hpp>

#include "properties/engines/explore_instances.h"
#include "properties/engines/lane_states.h"
#include "properties/engines/walk_instances.h"
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
  explicit Comparison(const Profile& k) : k_(k) {}

  void add(const State<D>& s) {
    states_.push_back(s);
    packed_.push_back(P::pack(s));
    if (states_.size() == kLanes) finish();
  }
  void finish() {
    if (states_.empty()) return;
    const LaneStates<S> wide(packed_);
    for_each_step<D>([&](const auto& step, std::size_t) {
      const LaneNum verdicts = wide.check(k_, step);
      for (std::size_t i = 0; i < states_.size(); ++i, ++compared)
        if (static_cast<Verdict>(verdicts.v[i]) != verdict_of<D>(k_, states_[i], step)) {
          CAPTURE(std::remove_cvref_t<decltype(step)>::name, i);
          FAIL("a verdict differs");
        }
    });
    for (std::size_t p = 0; p < kProperties; ++p) {
      const LaneSet hold = wide.all_hold(k_, PropertySet{1} << p);
      for (std::size_t i = 0; i < states_.size(); ++i, ++compared) {
        const bool holds = violated(k_, states_[i], PropertySet{1} << p) == 0;
        failing += holds ? 0 : 1;
        if ((hold >> i & 1) != (holds ? 1u : 0u)) {
          CAPTURE(kPropertyInfos[p].name, i);
          FAIL("a property differs");
        }
      }
    }
    states_.clear();
    packed_.clear();
  }

  std::uint64_t compared = 0, failing = 0;

 private:
  const Profile& k_;
  std::vector<State<D>> states_;
  std::vector<typename P::Packed> packed_;
};

// The state with some leaves at random values of their ranges.
template <Scope S>
State<Concrete<S>> disturbed(State<Concrete<S>> s, Random& random) {
  using P = Packing<S>;
  for (unsigned changes = 1 + random.below(3); changes > 0; --changes) {
    const std::size_t wanted = random.below(P::leaves);
    std::size_t i = 0;
    for_each_leaf(
        [&](auto& leaf, const Sort& sort) {
          const std::size_t at = i++;
          if (at != wanted || P::layout.width[at] == 0) return;
          const Range range = range_of(sort, S);
          if constexpr (std::is_same_v<std::remove_reference_t<decltype(leaf)>, bool>)
            leaf = random.below(2) != 0;
          else
            leaf = range.first + random.below(range.count);
        },
        s);
  }
  return s;
}

std::uint64_t comparisons_of_a_state(const std::string& scope) {
  return goldens::golden("scope " + scope, "instances") + kProperties;
}

// A state and, a little changed, what is no state of any run.
template <Scope S>
void add_both(Comparison<S>& comparison, const State<Concrete<S>>& s, Random& random) {
  comparison.add(s);
  comparison.add(disturbed<S>(s, random));
}

}  // namespace

TEST_CASE("states side by side are judged as each alone, all of the tiny scope") {
  const Profile k = load_profile("6.12");
  Explorer<kTiny> explorer(k, {});
  REQUIRE(explorer.run().complete);
  Comparison<kTiny> comparison(k);
  explorer.for_each_state([&](const auto& s) { comparison.add(s); });
  comparison.finish();
  CHECK(comparison.compared ==
        comparisons_of_a_state("tiny") * goldens::golden("explore tiny", "states"));
  CHECK(comparison.failing == 0);
}

TEST_CASE("states that no run comes by are judged as each alone, coherent memory") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  Explorer<kCoherent> explorer(k, {});
  REQUIRE(explorer.run().complete);
  Comparison<kCoherent> comparison(k);
  Random random(1);
  std::size_t i = 0;
  explorer.for_each_state([&](const auto& s) {
    if (i++ % 16 == 0) add_both<kCoherent>(comparison, s, random);
  });
  comparison.finish();
  CHECK(comparison.failing > 50'000);
}

// Every step has instances here.
TEST_CASE("states that no run comes by are judged as each alone, all features") {
  const Profile k = load_profile("6.1");
  Comparison<kPair> comparison(k);
  Random random(1);
  for (const auto& s : states_along_walk<kPair>(without_breaking_defects(k), 20'000))
    add_both<kPair>(comparison, s, random);
  comparison.finish();
  CHECK(comparison.compared == comparisons_of_a_state("pair") * 40'000);
  CHECK(comparison.failing > 20'000);
}

TEST_CASE("a group may be smaller than there are lanes") {
  const Profile k = load_profile("6.12");
  Comparison<kPair> comparison(k);
  for (const auto& s : states_along_walk<kPair>(without_breaking_defects(k), 5)) comparison.add(s);
  comparison.finish();
  CHECK(comparison.compared == comparisons_of_a_state("pair") * 5);
  CHECK(first_lanes(1) == 1);
  CHECK(first_lanes(kLanes) == ~LaneSet{0});
}

}  // namespace hmm
