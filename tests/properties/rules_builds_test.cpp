// Rules of another text: taken for what they are, and refused where they have another shape.
#include "properties/engines/rules_builds.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "properties/engines/engines.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

std::vector<std::string> with_another_step() {
  auto lines = engines_at("tiny", "").shape();
  lines.emplace_back("step no_step");
  return lines;
}
std::vector<std::string> without_a_field() {
  auto lines = engines_at("tiny", "").shape();
  lines.erase(lines.begin());
  return lines;
}

std::string error_of(const RulesDoor& door) {
  try {
    add_rules("other", door);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("rules of another shape are refused, and it is said what differs") {
  RulesDoor door{.scope = "tiny", .engines = engines_at("tiny", "")};
  door.engines.shape = with_another_step;
  CHECK(error_of(door) == "rules:other at tiny: expected no more, found step no_step");
  door.engines.shape = without_a_field;
  CHECK(error_of(door) == "rules:other at tiny: expected state field mm of 1 bytes, found none");
  door.scope = "huge";
  CHECK(error_of(door) == "rules:other at huge: this program has no such scope");
  door = {.size = 1, .scope = "tiny", .engines = engines_at("tiny", "")};
  CHECK(error_of(door) == "rules:other at tiny: built for another program");
  CHECK(!has_rules("other"));
}

TEST_CASE("a run goes on in whichever text takes the next step") {
  add_rules("twin", {.scope = "tiny", .engines = engines_at("tiny", "")});
  Profile k = load_profile("6.12"), twin = k;
  twin.rules = "twin";
  const auto machine = machine_at("tiny");
  const auto first = machine->enabled(k);
  REQUIRE(!first.empty());
  machine->take(twin, first.front());
  const Leaves after = machine->leaves();
  CHECK(machine->enabled(k) == machine->enabled(twin));
  machine->restart();
  machine->take(k, first.front());
  CHECK(machine->leaves() == after);
  ExploreOptions options;
  options.other = twin;
  options.max_states = 50'000;
  CHECK(explore("tiny", k, options).differences.empty());
  twin.rules = "none";
  CHECK_THROWS_AS(machine->take(twin, first.front()), std::invalid_argument);
  CHECK_THROWS_AS(explore("tiny", twin), std::invalid_argument);
  CHECK(is_built("tiny", Engine::explore, "twin"));
  CHECK(!is_built("fork", Engine::explore, "twin"));
}

}  // namespace hmm
