#include "tools/runs/check_plan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>

#include "model/scopes.h"

namespace hmm {
namespace {

bool has(const std::vector<PlannedRun>& plan, Engine engine, std::string_view scope) {
  return std::any_of(plan.begin(), plan.end(), [&](const PlannedRun& run) {
    return run.engine == engine && run.scope == scope;
  });
}

}  // namespace

TEST_CASE("check runs at each scope what its row says, and at every scope something") {
  const auto all = check_plan(false), quick = check_plan(true);
  std::size_t checked = 0;
  for (const auto& scope : kScopes) {
    CAPTURE(scope.name);
    CHECK(std::any_of(all.begin(), all.end(),
                      [&](const PlannedRun& run) { return run.scope == scope.name; }));
    const auto one = check_plan_at(scope.name);
    for (const auto& [engine, use] :
         {std::pair{Engine::explore, scope.explore}, std::pair{Engine::walk, scope.walk},
          std::pair{Engine::prove, scope.prove}, std::pair{Engine::live, scope.live}}) {
      checked += use >= Use::checked ? 1 : 0;
      CHECK(has(all, engine, scope.name) == (use >= Use::checked));
      CHECK(has(quick, engine, scope.name) == (use == Use::quick));
      CHECK(has(one, engine, scope.name) == (use != Use::none));
      CHECK(is_built(scope.name, engine) == (use != Use::none));
    }
    CHECK(std::all_of(one.begin(), one.end(),
                      [&](const PlannedRun& run) { return run.scope == scope.name; }));
  }
  CHECK(all.size() == checked);
  CHECK(built_scopes().size() == kScopes.size());
}

}  // namespace hmm
