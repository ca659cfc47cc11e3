#include "tools/runs/check_plan.h"

#include "model/scopes.h"

namespace hmm {
namespace {

template <class IsWanted>
std::vector<PlannedRun> plan(IsWanted is_wanted) {
  std::vector<PlannedRun> runs;
  const auto add = [&](Engine engine, Use NamedScope::*use) {
    for (const auto& row : kScopes)
      if (is_wanted(row, row.*use)) runs.push_back({engine, row.name});
  };
  add(Engine::prove, &NamedScope::prove);
  add(Engine::walk, &NamedScope::walk);
  add(Engine::explore, &NamedScope::explore);
  add(Engine::live, &NamedScope::live);
  return runs;
}

}  // namespace

std::vector<PlannedRun> check_plan(bool quick) {
  const Use least = quick ? Use::quick : Use::checked;
  return plan([&](const NamedScope&, Use use) { return use >= least; });
}

std::vector<PlannedRun> check_plan_at(std::string_view scope) {
  return plan(
      [&](const NamedScope& row, Use use) { return row.name == scope && use != Use::none; });
}

}  // namespace hmm
