#include "properties/engines/explored.h"

namespace hmm {

const ExploredCounts* explored_at(std::string_view scope) {
  for (const auto& e : explored_counts())
    if (e.scope == scope) return &e;
  return nullptr;
}

}  // namespace hmm
