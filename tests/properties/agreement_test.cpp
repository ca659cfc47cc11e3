// What a proof says of the symbolic text, it says of the running model: on every reachable state of
// the tiny scope, and on many of others, for every instance of every step, both domains give the
// same verdict and the same successor.
#include <bit>
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/engines/engines.h"
#include "properties/engines/formula_runner.h"
#include "properties/engines/judged_machine.h"
#include "properties/engines/random.h"
#include "properties/engines/step_formulas.h"
#include "properties/waivers.h"
#include "tests/goldens/goldens.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

using goldens::golden;

// Every instance of one step at the scope; none if it is out of it.
PlainSteps instances_of(std::size_t kind, const Scope& scope) {
  const StepInfo& info = step_infos()[kind];
  if (info.is_out_of_scope(scope)) return {};
  PlainSteps steps{{kind, {}}};
  for (const StepField& field : info.fields) {
    const Range range = range_of(field.sort, scope);
    PlainSteps longer;
    for (const PlainStep& step : steps)
      for (unsigned v = range.first; v <= range.last(); ++v) {
        longer.push_back(step);
        longer.back().values.push_back(v);
      }
    steps = std::move(longer);
  }
  return steps;
}

// One step's verdict and successor as formulas over a state's and the step's variables.
class Agreement {
 public:
  Agreement(const std::string& scope, const Profile& k, std::size_t kind) : k_(k) {
    for (auto& machine : machines_) machine = machine_at(scope);
    const StepFormulas f = step_formulas(scope, k, kind);
    add(f.state, state_in_);
    add(f.step, step_in_);
    add(f.after, state_out_);
    verdict_ = runner_.add(f.verdict.front());
    runner_.prepare();
  }

  // Compares the instances of the step on up to 64 states; counts what was compared.
  std::uint64_t compare(const std::vector<Leaves>& states, const PlainSteps& instances) {
    write(states);
    std::uint64_t compared = 0;
    for (const PlainStep& step : instances) {
      write_all_lanes(step.values);
      runner_.run();
      for (std::size_t lane = 0; lane < states.size(); ++lane, ++compared) {
        if (!agrees(states[lane], step, lane)) {
          CAPTURE(step_infos()[step.kind].name, lane);
          FAIL("the domains disagree");
        }
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
  void write(const std::vector<Leaves>& states) {
    for (const Leaf& leaf : state_in_)
      for (unsigned b = 0; b < leaf.width; ++b) runner_.lane(leaf.node, b) = 0;
    for (std::size_t lane = 0; lane < states.size(); ++lane) {
      machines_[lane]->restart(&states[lane]);
      for (std::size_t i = 0; i < state_in_.size(); ++i)
        for (unsigned b = 0; b < state_in_[i].width; ++b)
          runner_.lane(state_in_[i].node, b) |= std::uint64_t{unsigned{states[lane][i]} >> b & 1}
                                                << lane;
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

  bool agrees(const Leaves& state, const PlainStep& step, std::size_t lane) {
    JudgedMachine& machine = *machines_[lane];
    const Verdict verdict = machine.take(k_, step);
    if (read({verdict_, kVerdictBits}, lane) != static_cast<unsigned>(verdict)) return false;
    if (!takes_effect(verdict)) return true;
    const Leaves after = machine.leaves();
    machine.restart(&state);
    for (std::size_t i = 0; i < after.size(); ++i)
      if (read(state_out_[i], lane) != after[i]) return false;
    return true;
  }

  const Profile& k_;
  std::array<std::unique_ptr<JudgedMachine>, 64> machines_;  // in the state of each lane
  FormulaRunner runner_;
  std::vector<Leaf> state_in_, step_in_, state_out_;
  std::size_t verdict_ = 0;
};

using Blocks = std::vector<std::vector<Leaves>>;  // of 64 states

void add_state(Blocks& blocks, const Leaves& s) {
  if (blocks.empty() || blocks.back().size() == 64) blocks.emplace_back();
  blocks.back().push_back(s);
}

Blocks reachable_states(const std::string& scope, const Profile& k) {
  Blocks blocks;
  ExploreOptions options;
  options.each_state = [&](const Leaves& s) { add_state(blocks, s); };
  const auto result = explore(scope, k, options);
  REQUIRE(result.complete);
  REQUIRE(result.bad == 0);
  return blocks;
}

// The states along random walks.
Blocks walked_states(const std::string& scope, const Profile& k, std::size_t count) {
  Blocks blocks;
  for (const auto& s : states_along_walk(scope, k, count)) add_state(blocks, s);
  REQUIRE(blocks.size() == (count + 63) / 64);
  return blocks;
}

// Every `stride`-th block, so that a test can be thorough or quick.
std::uint64_t compare_everywhere(const std::string& scope, const Profile& k, const Blocks& blocks,
                                 std::size_t stride) {
  std::uint64_t compared = 0;
  for (std::size_t kind = 0; kind < step_infos().size(); ++kind) {
    const PlainSteps instances = instances_of(kind, scope_named(scope)->scope);
    if (instances.empty()) continue;
    Agreement agreement(scope, k, kind);
    for (std::size_t b = 0; b < blocks.size(); b += stride)
      compared += agreement.compare(blocks[b], instances);
  }
  return compared;
}

}  // namespace

TEST_CASE("both domains agree on every reachable state of the tiny scope") {
  const Profile k = load_profile("6.12"), sound = without_breaking_defects(k);
  CHECK(compare_everywhere("tiny", k, reachable_states("tiny", sound), 1) ==
        golden("scope tiny", "instances") * golden("explore tiny", "states"));
}

TEST_CASE("both domains agree on reachable states of the fork scope") {
  const Profile k = load_profile("6.1"), sound = without_breaking_defects(k);
  CHECK(compare_everywhere("fork", k, reachable_states("fork", sound), 8) > 10'000'000);
}

// Every step has instances at these two.
TEST_CASE("both domains agree on what walks come by at the scopes that proofs are for") {
  // With its defects, on states that are reached without them.
  const Profile k = load_profile("6.12"), sound = without_breaking_defects(k);
  CHECK(compare_everywhere("pair", k, walked_states("pair", sound, 100'000), 1) ==
        golden("scope pair", "instances") * 100'000);
  CHECK(compare_everywhere("large", k, walked_states("large", sound, 10'000), 1) ==
        golden("scope large", "instances") * 10'000);
}

namespace {

// Every property of a scope as a formula over a state's variables.
class PropertyAgreement {
 public:
  PropertyAgreement(const std::string& scope, const Profile& k)
      : k_(k), machine_(machine_at(scope)) {
    const StateFormulas f = state_formulas(scope, k);
    for (const auto& e : f.state)
      state_.push_back({runner_.add(e), e.is_bool() ? 1 : e.get_sort().bv_size()});
    for (const auto& e : f.holds) holds_.push_back(runner_.add(e));
    runner_.prepare();
  }

  // Of the states, those at which each property does not hold are counted.
  void compare(const std::vector<Leaves>& states, std::vector<std::uint64_t>& broken) {
    for (const auto& [node, width] : state_)
      for (unsigned b = 0; b < width; ++b) runner_.lane(node, b) = 0;
    for (std::size_t lane = 0; lane < states.size(); ++lane)
      for (std::size_t i = 0; i < state_.size(); ++i)
        for (unsigned b = 0; b < state_[i].second; ++b)
          runner_.lane(state_[i].first, b) |= std::uint64_t{unsigned{states[lane][i]} >> b & 1}
                                              << lane;
    runner_.run();
    broken.resize(holds_.size());
    for (std::size_t lane = 0; lane < states.size(); ++lane) {
      machine_->restart(&states[lane]);
      const PropertySet bad = machine_->violated(k_, kAllProperties);
      for (std::size_t p = 0; p < holds_.size(); ++p) {
        const bool holds = (runner_.lane(holds_[p], 0) >> lane & 1) != 0;
        if (holds != ((bad >> p & 1) == 0)) {
          CAPTURE(property_infos()[p].name, lane);
          FAIL("the domains disagree over a property");
        }
        broken[p] += holds ? 0 : 1;
      }
    }
  }

 private:
  const Profile& k_;
  std::unique_ptr<JudgedMachine> machine_;
  FormulaRunner runner_;
  std::vector<std::pair<std::size_t, unsigned>> state_;
  std::vector<std::size_t> holds_;
};

// States that a walk came by with some of their leaves others: within their widths, and mostly
// such as no run leads to.
Blocks arbitrary_states(const std::string& scope, const Profile& k, std::size_t count) {
  const auto reached = states_along_walk(scope, k, count);
  const StateFormulas f = state_formulas(scope, k);
  Random random(1);
  Blocks blocks;
  for (Leaves s : reached) {
    for (unsigned i = random.below(6) + 1; i > 0; --i) {
      const auto at = random.below(static_cast<unsigned>(s.size()));
      const unsigned width = f.state[at].is_bool() ? 1 : f.state[at].get_sort().bv_size();
      s[at] = static_cast<std::uint8_t>(random.below(1u << width));
    }
    const auto machine = machine_at(scope);
    machine->restart(&s);
    if (machine->is_in_range()) add_state(blocks, s);
  }
  return blocks;
}

std::vector<std::uint64_t> broken_at(const std::string& scope, const Profile& k,
                                     const Blocks& blocks) {
  PropertyAgreement agreement(scope, k);
  std::vector<std::uint64_t> broken;
  for (const auto& block : blocks) agreement.compare(block, broken);
  return broken;
}

}  // namespace

TEST_CASE("both domains agree on every property, where it holds and where it does not") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  for (const std::uint64_t n : broken_at("tiny", k, reachable_states("tiny", k))) CHECK(n == 0);
  for (const std::uint64_t n : broken_at("pair", k, walked_states("pair", k, 20'000)))
    CHECK(n == 0);
  const auto broken = broken_at("pair", k, arbitrary_states("pair", k, 40'000));
  for (std::size_t p = 0; p < broken.size(); ++p) {
    CAPTURE(property_infos()[p].name);
    // Else nothing was compared where it matters.
    CHECK(broken[p] != 0);
  }
}

// Steps that seldom happen are led to, each once for each way that it can go.
TEST_CASE("both domains agree on every effect of every step") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  std::vector<std::uint64_t> compared(step_infos().size());
  for (const char* scope : {"pair", "large"}) {
    WalkOptions options;
    options.witnesses = true;
    options.steps = 20'000'000;
    const auto walked = walk(scope, k, options);
    REQUIRE(walked.bad == 0);
    const auto machine = machine_at(scope);
    for (const Witness& one : walked.witnesses) {
      if (!takes_effect(one.verdict)) continue;
      machine->restart(nullptr);
      for (std::size_t i = 0; i + 1 < one.steps.size(); ++i) machine->take(k, one.steps[i]);
      const std::vector<Leaves> before{machine->leaves()};
      CHECK(machine->take(k, one.steps.back()) == one.verdict);
      Agreement(scope, k, one.kind).compare(before, {one.steps.back()});
      compared[one.kind] |= std::uint64_t{1} << static_cast<unsigned>(one.verdict);
    }
  }
  for (std::size_t kind = 0; kind < step_infos().size(); ++kind)
    for (const Verdict v : step_infos()[kind].verdicts) {
      if (!takes_effect(v) || waiver_of(step_infos()[kind].name, v, k) != nullptr) continue;
      CAPTURE(step_infos()[kind].name, name_of(v));
      CHECK((compared[kind] >> static_cast<unsigned>(v) & 1) != 0);
    }
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
