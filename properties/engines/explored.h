#pragma once
#include <array>
#include <cstdint>
#include <string_view>

// What explore counts at each scope under profile 6.12 without the defects that break properties,
// and what that takes with two threads. The counts are what a test finds again; the largest
// resident size and the seconds are of the machine that README's table is from.
namespace hmm {

struct Explored {
  std::string_view scope;
  std::uint64_t states, edges;
  unsigned depth;
  double megabytes, seconds;
};
inline constexpr std::array kExplored = {
    Explored{"tiny", 834'881, 4'970'483, 65, 43, 0.4},
    Explored{"fork", 1'916'040, 9'192'276, 58, 73, 0.8},
    Explored{"pins", 204'620, 1'000'970, 38, 21, 0.1},
    Explored{"ranges", 388'606, 2'052'957, 57, 25, 0.1},
    Explored{"pages", 915'036, 4'835'410, 64, 43, 0.3},
    Explored{"moves", 375'036, 1'373'556, 40, 25, 0.1},
    Explored{"shared", 314'054, 1'514'019, 34, 25, 0.1},
    Explored{"coherent", 985'324, 4'652'012, 53, 45, 0.3},
    Explored{"default", 97'399'308, 657'153'281, 84, 2'460, 67.8},
};

// Null for a scope that nobody has explored to the end.
constexpr const Explored* explored_at(std::string_view scope) {
  for (const auto& e : kExplored)
    if (e.scope == scope) return &e;
  return nullptr;
}

}  // namespace hmm
