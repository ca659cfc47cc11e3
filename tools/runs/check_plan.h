#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "properties/engines/engines.h"

namespace hmm {

struct PlannedRun {
  Engine engine;
  std::string scope;
};

// What `hmmcheck check` runs, proofs first: at every scope what its row of kScopes says, and with
// `quick` less of it; or, at the one scope that is named, every engine that is built for it.
std::vector<PlannedRun> check_plan(bool quick);
std::vector<PlannedRun> check_plan_at(std::string_view scope);

}  // namespace hmm
