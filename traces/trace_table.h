#pragma once
#include <string>
#include <vector>

#include "model/machine.h"

namespace hmm {

// A run as a table: a line for where it begins and one for each step, a column for each row of the
// state that changes on the way.
struct TraceTable {
  struct Cell {
    std::string text;  // StateText::short_values(); empty where the row is blank
    bool is_changed = false;
  };
  struct Line {
    std::string step;     // empty in the first
    std::string verdict;  // the same
    std::vector<Cell> cells;
  };
  std::vector<std::string> columns;  // StateText::short_name()
  std::vector<Line> lines;
};

// The machine is of the scope of the steps, and is restarted.
TraceTable table_of(Machine& machine, const Profile& k, const PlainSteps& steps,
                    const Leaves* start = nullptr);

// Lines of at most so many columns: the steps by number, then what they change, in as many tables
// below each other as it takes; `*` before what has changed.
std::string print_table(const TraceTable& table, std::size_t width);

// Words in lines of at most so many columns, each after the first begun by `indent` blanks.
std::string wrapped(const std::string& words, std::size_t width, std::size_t indent);

}  // namespace hmm
