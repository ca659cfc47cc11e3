#include "properties/engines/step_formulas.h"

#include <stdexcept>
#include <string>

#include "properties/engines/instances/at_scope.h"

namespace hmm {

StepFormulas step_formulas(std::string_view scope, const Profile& k, std::size_t step) {
  const auto make = engines_at(scope, k.rules).step_formulas;
  if (make == nullptr)
    throw std::invalid_argument("no proofs are built for scope " + std::string(scope));
  return make(k, step);
}

StateFormulas state_formulas(std::string_view scope, const Profile& k) {
  const auto make = engines_at(scope, k.rules).state_formulas;
  if (make == nullptr)
    throw std::invalid_argument("no proofs are built for scope " + std::string(scope));
  return make(k);
}

}  // namespace hmm
