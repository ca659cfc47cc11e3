// What a proof says of the symbolic text, it says of the running model: on every reachable state of
// the tiny scope, and on many of others, for every instance of every step, both domains give the
// same verdict and the same successor.
#include <catch2/catch.hpp>
#include <map>

#include "properties/engines/explore_instances.h"
#include "properties/engines/formula_runner.h"
#include "properties/engines/step_formulas.h"
#include "properties/engines/symbolic_state.h"
#include "properties/engines/walk_instances.h"
#include "tests/goldens/goldens.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

using goldens::golden;

unsigned value(bool v) { return v ? 1 : 0; }
unsigned value(Small v) { return v.v; }

template <Scope S>
struct Instance {
  Step<Concrete<S>> step;
  std::vector<unsigned> leaves;
};
// By kind of step; none of what is out of scope.
template <Scope S>
std::vector<std::vector<Instance<S>>> all_instances() {
  std::vector<std::vector<Instance<S>>> all(kSteps);
  for_each_step<Concrete<S>>([&](const auto& step, std::size_t kind) {
    Instance<S> one{step, {}};
    for_each_leaf([&](const auto& v, const Sort&) { one.leaves.push_back(value(v)); }, step);
    all[kind].push_back(std::move(one));
  });
  return all;
}

// One step's verdict and successor as formulas over a state's and the step's variables.
template <Scope S>
class Agreement {
 public:
  Agreement(const Profile& k, std::size_t kind) : k_(k), kind_(kind) {
    const StepFormulas f = step_formulas<S>(k, kind);
    add(f.state, state_in_);
    add(f.step, step_in_);
    add(f.after, state_out_);
    verdict_ = runner_.add(f.verdict.front());
    runner_.prepare();
  }

  // Compares the instances of the step on up to 64 states; counts what was compared.
  std::uint64_t compare(const std::vector<State<Concrete<S>>>& states,
                        const std::vector<Instance<S>>& instances) {
    write(states, state_in_);
    std::uint64_t compared = 0;
    for (const auto& instance : instances) {
      write_all_lanes(instance.leaves);
      runner_.run();
      for (std::size_t lane = 0; lane < states.size(); ++lane, ++compared)
        if (!agrees(states[lane], instance.step, lane)) {
          const auto* step = std::visit([](const auto& s) { return s.name; }, instance.step);
          CAPTURE(step, lane);
          FAIL("the domains disagree");
        }
    }
    return compared;
  }

 private:
  static constexpr unsigned kVerdictBits = std::bit_width(kVerdicts);
  struct Leaf {
    std::size_t node;
    unsigned width;
  };

  void add(const std::vector<z3::expr>& formulas, std::vector<Leaf>& leaves) {
    for (const auto& e : formulas)
      leaves.push_back({runner_.add(e), e.is_bool() ? 1 : e.get_sort().bv_size()});
  }
  void write(const std::vector<State<Concrete<S>>>& states, const std::vector<Leaf>& leaves) {
    for (const Leaf& leaf : leaves)
      for (unsigned b = 0; b < leaf.width; ++b) runner_.lane(leaf.node, b) = 0;
    for (std::size_t lane = 0; lane < states.size(); ++lane) {
      std::size_t i = 0;
      for_each_leaf(
          [&](const auto& v, const Sort&) {
            const Leaf& leaf = leaves[i++];
            for (unsigned b = 0; b < leaf.width; ++b)
              runner_.lane(leaf.node, b) |= std::uint64_t{value(v) >> b & 1} << lane;
          },
          states[lane]);
    }
  }
  void write_all_lanes(const std::vector<unsigned>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      for (unsigned b = 0; b < step_in_[i].width; ++b)
        runner_.lane(step_in_[i].node, b) = (values[i] >> b & 1) != 0 ? ~std::uint64_t{0} : 0;
  }
  unsigned read(const Leaf& leaf, std::size_t lane) {
    unsigned v = 0;
    for (unsigned b = 0; b < leaf.width; ++b)
      v |= static_cast<unsigned>(runner_.lane(leaf.node, b) >> lane & 1) << b;
    return v;
  }

  bool agrees(const State<Concrete<S>>& before, const Step<Concrete<S>>& step, std::size_t lane) {
    auto after = before;
    const Verdict verdict = take<Concrete<S>>(k_, after, step);
    if (read({verdict_, kVerdictBits}, lane) != static_cast<unsigned>(verdict)) return false;
    if (!takes_effect(verdict)) return true;
    bool same = true;
    std::size_t i = 0;
    for_each_leaf(
        [&](const auto& v, const Sort&) { same = same && read(state_out_[i++], lane) == value(v); },
        after);
    return same;
  }

  const Profile& k_;
  std::size_t kind_;  // of the step
  FormulaRunner runner_;
  std::vector<Leaf> state_in_, step_in_, state_out_;
  std::size_t verdict_ = 0;
};

template <Scope S>
using Blocks = std::vector<std::vector<State<Concrete<S>>>>;  // of 64 states

template <Scope S>
void add_state(Blocks<S>& blocks, const State<Concrete<S>>& s) {
  if (blocks.empty() || blocks.back().size() == 64) blocks.emplace_back();
  blocks.back().push_back(s);
}

template <Scope S>
Blocks<S> reachable_states(const Profile& k) {
  ExploreOptions options;
  Explorer<S> explorer(k, options);
  const auto result = explorer.run();
  REQUIRE(result.complete);
  REQUIRE(result.bad == 0);
  Blocks<S> blocks;
  explorer.for_each_state([&](const State<Concrete<S>>& s) { add_state<S>(blocks, s); });
  return blocks;
}

// The states along random walks.
template <Scope S>
Blocks<S> walked_states(const Profile& k, std::size_t count) {
  Blocks<S> blocks;
  for (const auto& s : states_along_walk<S>(k, count)) add_state<S>(blocks, s);
  REQUIRE(blocks.size() == (count + 63) / 64);
  return blocks;
}

// Every `stride`-th block, so that a test can be thorough or quick.
template <Scope S>
std::uint64_t compare_everywhere(const Profile& k, const Blocks<S>& blocks, std::size_t stride) {
  std::uint64_t compared = 0;
  const auto instances = all_instances<S>();
  for (std::size_t kind = 0; kind < kSteps; ++kind) {
    if (instances[kind].empty()) continue;
    Agreement<S> agreement(k, kind);
    for (std::size_t b = 0; b < blocks.size(); b += stride)
      compared += agreement.compare(blocks[b], instances[kind]);
  }
  return compared;
}

}  // namespace

TEST_CASE("both domains agree on every reachable state of the tiny scope") {
  const Profile k = load_profile("6.12");
  CHECK(compare_everywhere<kTiny>(k, reachable_states<kTiny>(k), 1) ==
        golden("scope tiny", "instances") * golden("explore tiny", "states"));
}

TEST_CASE("both domains agree on reachable states of the fork scope") {
  const Profile k = load_profile("6.1");
  CHECK(compare_everywhere<kFork>(k, reachable_states<kFork>(k), 8) > 10'000'000);
}

// Every step has instances at these two.
TEST_CASE("both domains agree on what walks come by at the scopes that proofs are for") {
  // With its defects, on states that are reached without them.
  const Profile k = load_profile("6.12"), sound = without_breaking_defects(k);
  CHECK(compare_everywhere<kPair>(k, walked_states<kPair>(sound, 100'000), 1) ==
        golden("scope pair", "instances") * 100'000);
  CHECK(compare_everywhere<kLarge>(k, walked_states<kLarge>(sound, 10'000), 1) ==
        golden("scope large", "instances") * 10'000);
}

TEST_CASE("the formula runner is the solver's own evaluation") {
  const z3::expr a = smt().bv_const("a", 4), b = smt().bv_const("b", 4);
  const z3::expr p = smt().bool_const("p");
  const std::vector<z3::expr> formulas{a + b, a - b, z3::ite(p, a, b), z3::zext(a, 2),
                                       (a + b).extract(2, 1)};
  const std::vector<z3::expr> claims{a == b, z3::ult(a, b), z3::ule(a, b),
                                     !p,     p && a == b,   p || z3::ult(b, a)};
  FormulaRunner runner;
  const auto an = runner.add(a), bn = runner.add(b), pn = runner.add(p);
  std::vector<std::size_t> nodes;
  for (const auto& f : formulas) nodes.push_back(runner.add(f));
  for (const auto& c : claims) nodes.push_back(runner.add(c));
  runner.prepare();
  for (unsigned x = 0; x < 16; ++x)
    for (unsigned y = 0; y < 16; ++y)
      for (unsigned q = 0; q < 2; ++q) {
        for (unsigned bit = 0; bit < 4; ++bit) {
          runner.lane(an, bit) = x >> bit & 1;
          runner.lane(bn, bit) = y >> bit & 1;
        }
        runner.lane(pn, 0) = q;
        runner.run();
        z3::expr_vector from(smt()), to(smt());
        from.push_back(a);
        from.push_back(b);
        from.push_back(p);
        to.push_back(smt().bv_val(x, 4));
        to.push_back(smt().bv_val(y, 4));
        to.push_back(smt().bool_val(q != 0));
        for (std::size_t i = 0; i < nodes.size(); ++i) {
          z3::expr f = i < formulas.size() ? formulas[i] : claims[i - formulas.size()];
          const z3::expr v = f.substitute(from, to).simplify();
          const std::uint64_t want = v.is_bool() ? (v.is_true() ? 1u : 0u) : v.get_numeral_uint64();
          std::uint64_t got = 0;
          for (unsigned bit = 0; bit < runner.width(nodes[i]); ++bit)
            got |= (runner.lane(nodes[i], bit) & 1) << bit;
          REQUIRE(got == want);
        }
      }
}

}  // namespace hmm
