#pragma once
#include <memory>
#include <string>
#include <vector>

#include "properties/engines/instances/at_scope.h"
#include "properties/engines/judged_machine.h"

// Builds of edited rules (tools/rules) that are loaded beside this program's own. A Profile that
// names one is of its text.
namespace hmm {

// What a build has for a scope.
struct RulesDoor {
  std::size_t size = sizeof(ScopeEngines);
  std::string_view scope;
  ScopeEngines engines;
};

// Each scope of a build is added once, before anything is asked. Throws std::invalid_argument for
// one that is of another shape (instances/shape.h) than this program, and says how.
void add_rules(const std::string& rules, const RulesDoor& door);
bool has_rules(std::string_view rules);

// Null if none of that name is loaded, or it has no such scope.
const ScopeEngines* loaded_engines(std::string_view scope, std::string_view rules);

// The machine, each step of it in the text that the step's profile names.
std::unique_ptr<JudgedMachine> machine_of_any_rules(std::string_view scope,
                                                    std::unique_ptr<JudgedMachine> own);

}  // namespace hmm
