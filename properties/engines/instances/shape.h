#pragma once
#include <string>
#include <vector>

#include "model/state.h"
#include "model/steps.h"
#include "properties/engines/check_all.h"
#include "properties/engines/engines.h"

namespace hmm {

// What two texts of the rules must have alike for engines of the one to ask the other's steps about
// its states: a line for each thing, in words that say what differs.
template <Scope S>
std::vector<std::string> shape() {
  using D = Concrete<S>;
  std::vector<std::string> lines;
  const auto add = [&](std::string line) { lines.push_back(std::move(line)); };
  for_each_field<State<D>>([&]<class T>(const Field<State<D>, T>& f) {
    add("state field " + std::string(f.name) + " of " + std::to_string(sizeof(T)) + " bytes");
  });
  for_each_step_kind([&](auto kind) {
    using Own = StepOfKind<kind, D>;
    std::string line = "step " + std::string(Own::name);
    Own::fields().apply([&](const auto&... f) { ((line += " " + std::string(f.name)), ...); });
    add(std::move(line));
  });
  for (const auto& s : kSwitches) add("switch " + std::string(s.name));
  for_each_property(kAllProperties, [&]<std::size_t I, class Property>() {
    add("property " + std::string(Property::name) + " of " + std::to_string(kClaimsOf<Property>) +
        " claims");
  });
  for (const auto name : kEnumeratorNames<Verdict>) add("verdict " + std::string(name));
  add("options and results of " +
      std::to_string(sizeof(Profile) + sizeof(ExploreOptions) + sizeof(ExploreResult) +
                     sizeof(ProveOptions) + sizeof(ProofReport)) +
      " bytes");
  return lines;
}

}  // namespace hmm
