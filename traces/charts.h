#pragma once
#include <string>

#include "traces/itf.h"
#include "traces/lanes.h"

// Runs in the languages of programs that draw. The tables show all rows.
namespace hmm {

// A sequenceDiagram of Mermaid: a participant for each lane, active while a range is open.
std::string print_mermaid(const Scope& scope, const TraceTable& table, const ViolatedAt& violated);

// A digraph of Graphviz: a node for each state, with the rows that have changed, and an edge for
// each step.
std::string print_dot(const TraceTable& table, const ViolatedAt& violated);

}  // namespace hmm
