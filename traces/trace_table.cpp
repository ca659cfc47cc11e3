#include "traces/trace_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hmm {
namespace {

using Key = std::pair<std::size_t, std::vector<unsigned>>;  // of a row: its table and index

// A row that is blank is missing.
std::map<Key, PlainRow> rows_of(const StateText& text, const Leaves& state) {
  std::map<Key, PlainRow> rows;
  for (auto& row : text.rows(state)) rows.emplace(Key{row.table, row.index}, row);
  return rows;
}

std::string shown(const TraceTable::Cell& cell) {
  return (cell.is_changed ? "*" : " ") + (cell.text.empty() ? "-" : cell.text);
}

std::string without_end_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// Columns first .. last - 1, each as wide as what it holds.
std::string print_columns(const TraceTable& table, const std::vector<std::size_t>& widths,
                          std::size_t first, std::size_t last, std::size_t numbers) {
  std::string out = fmt::format("{:>{}}", "#", numbers);
  for (std::size_t c = first; c < last; ++c)
    out += fmt::format("  {:<{}}", " " + table.columns[c], widths[c]);
  out = without_end_blanks(std::move(out));
  for (std::size_t i = 0; i < table.lines.size(); ++i) {
    std::string line = fmt::format("{:>{}}", i, numbers);
    for (std::size_t c = first; c < last; ++c)
      line += fmt::format("  {:<{}}", shown(table.lines[i].cells[c]), widths[c]);
    out += without_end_blanks(std::move(line));
  }
  return out;
}

}  // namespace

std::string wrapped(const std::string& words, std::size_t width, std::size_t indent) {
  std::string out, line;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    const std::string word = words.substr(at, end - at);
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      out += line + "\n";
      line = std::string(indent, ' ') + word;
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
    at = end + 1;
  }
  return out + line + "\n";
}

std::vector<TakenStep> taken_steps(Machine& machine, const Profile& k, const PlainSteps& steps) {
  std::vector<TakenStep> taken;
  for (const auto& step : steps) {
    const Verdict verdict = machine.take(k, step);
    taken.push_back({step, verdict, machine.leaves()});
  }
  return taken;
}

TraceTable table_of(const Scope& scope, const Leaves& start, const std::vector<TakenStep>& steps,
                    ShownRows shown) {
  const StateText text(scope);
  TraceTable table;
  table.lines.push_back({});
  std::vector<std::map<Key, PlainRow>> states{rows_of(text, start)};
  for (const auto& [step, verdict, after] : steps) {
    table.lines.push_back({print_step(step), std::string(name_of(verdict)), {}, step});
    states.push_back(rows_of(text, after));
  }
  std::map<Key, PlainRow> known;  // any of its values
  for (const auto& state : states)
    for (const auto& [key, row] : state) known.emplace(key, row);
  for (const auto& [key, any] : known) {
    std::vector<TraceTable::Cell> column;
    for (const auto& state : states) {
      const auto found = state.find(key);
      TraceTable::Cell cell;
      if (found != state.end())
        cell = {text.short_values(found->second), false, found->second.values};
      cell.is_changed = !column.empty() && cell.text != column.back().text;
      column.push_back(std::move(cell));
    }
    if (shown == ShownRows::changing &&
        std::none_of(column.begin(), column.end(), [](const auto& c) { return c.is_changed; }))
      continue;
    table.columns.push_back(text.short_name(any));
    table.rows.push_back({key.first, key.second, {}});
    for (std::size_t i = 0; i < column.size(); ++i)
      table.lines[i].cells.push_back(std::move(column[i]));
  }
  return table;
}

TraceTable table_of(Machine& machine, const Profile& k, const PlainSteps& steps,
                    const Leaves* start, ShownRows shown) {
  machine.restart(start);
  const Leaves from = machine.leaves();
  return table_of(machine.scope(), from, taken_steps(machine, k, steps), shown);
}

std::string print_table(const TraceTable& table, std::size_t width) {
  const std::size_t numbers = std::to_string(table.lines.size() - 1).size();
  std::string out;
  for (std::size_t i = 1; i < table.lines.size(); ++i) {
    const std::string number = fmt::format("{:>{}} ", i, numbers);
    out += number + wrapped(table.lines[i].step + " -> " + table.lines[i].verdict,
                            width - number.size(), number.size() + 2);
  }
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    widths.push_back(table.columns[c].size() + 1);
    for (const auto& line : table.lines)
      widths[c] = std::max(widths[c], shown(line.cells[c]).size());
  }
  for (std::size_t first = 0; first < widths.size();) {
    std::size_t last = first, used = numbers;
    while (last < widths.size() && (last == first || used + 2 + widths[last] <= width))
      used += 2 + widths[last++];
    out += "\n" + print_columns(table, widths, first, last, numbers);
    first = last;
  }
  return out;
}

}  // namespace hmm
