#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/machine.h"
#include "traces/text.h"

namespace hmm {

// A step of a run, and the state that it led to.
struct TakenStep {
  PlainStep step;
  Verdict verdict = Verdict::ok;
  Leaves after;
};
std::vector<TakenStep> taken_steps(Machine& machine, const Profile& k, const PlainSteps& steps);

// A run as a table: a line for where it begins and one for each step, a column for each row of the
// state that is shown.
struct TraceTable {
  struct Cell {
    std::string text;  // StateText::short_values(); empty where the row is blank
    bool is_changed = false;
    std::vector<PlainRow::Value> values{};  // those that are not zero
  };
  struct Line {
    std::string step;     // empty in the first
    std::string verdict;  // the same
    std::vector<Cell> cells;
    std::optional<PlainStep> taken{};  // none where nobody took one
  };
  std::vector<std::string> columns;  // StateText::short_name()
  std::vector<PlainRow> rows;        // of the columns, without values
  std::vector<Line> lines;
};

// Which rows of the state are shown: those that change on the way, or also those that are not
// blank.
enum class ShownRows { changing, all };

TraceTable table_of(const Scope& scope, const Leaves& start, const std::vector<TakenStep>& steps,
                    ShownRows shown);
// The machine is of the scope of the steps, and is restarted.
TraceTable table_of(Machine& machine, const Profile& k, const PlainSteps& steps,
                    const Leaves* start = nullptr, ShownRows shown = ShownRows::changing);

// Lines of at most so many columns: the steps by number, then what they change, in as many tables
// below each other as it takes; `*` before what has changed.
std::string print_table(const TraceTable& table, std::size_t width);

// Words in lines of at most so many columns, each after the first begun by `indent` blanks.
std::string wrapped(const std::string& words, std::size_t width, std::size_t indent);

}  // namespace hmm
