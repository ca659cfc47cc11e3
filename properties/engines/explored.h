#pragma once
#include <cstdint>
#include <span>
#include <string_view>

// What explore counts at each scope under profile 6.12 without the defects that break properties,
// and about what that takes with two threads: memory and time are of the machine that they were
// measured on.
namespace hmm {

struct EdgesOf {
  std::string_view step;
  std::uint64_t edges;
};

struct ExploredCounts {
  std::string_view scope;
  std::uint64_t states, edges;
  unsigned depth;
  unsigned verdicts;  // that the steps gave, each step's by itself
  unsigned megabytes, milliseconds;
  std::span<const EdgesOf> edges_of;  // of the steps that have any
};
// Of tests/goldens/explore.txt, compiled into the program.
std::span<const ExploredCounts> explored_counts();

// Null for a scope that nobody has explored to the end.
const ExploredCounts* explored_at(std::string_view scope);

}  // namespace hmm
