#include "traces/charts.h"

#include <fmt/format.h>

#include <algorithm>

namespace hmm {
namespace {

std::vector<std::string> violated_at(const ViolatedAt& violated, std::size_t line) {
  return line < violated.size() ? violated[line] : std::vector<std::string>{};
}

// `mm 0` as a name without blanks.
std::string id_of(const Lane& lane) {
  std::string id = name_of(lane);
  std::erase(id, ' ');
  return id;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string print_mermaid(const Scope& scope, const TraceTable& table, const ViolatedAt& violated) {
  const Lanes lanes = lanes_of(scope, table);
  std::string out = "sequenceDiagram\n";
  std::vector<std::string> ids;
  for (const auto& lane : lanes.lanes) {
    ids.push_back(id_of(lane));
    out += fmt::format("    participant {} as {}\n", ids.back(), name_of(lane));
  }
  const auto note = [&](std::size_t line) {
    const auto names = violated_at(violated, line);
    if (!names.empty())
      out += fmt::format("    Note over {}: violated {}\n",
                         ids.size() == 1 ? ids[0] : ids.front() + "," + ids.back(), joined(names));
  };
  const auto switch_open = [&](std::size_t line) {
    for (std::size_t l = 0; l < ids.size(); ++l) {
      const bool was = line > 0 && !lanes.open[line - 1][l].empty();
      const bool is = !lanes.open[line][l].empty();
      if (was != is) out += fmt::format("    {} {}\n", is ? "activate" : "deactivate", ids[l]);
    }
  };
  switch_open(0);
  note(0);
  for (std::size_t i = 1; i < table.lines.size(); ++i) {
    const auto& line = table.lines[i];
    const Signal signal = lanes.signals[i].value_or(Signal{});
    std::string text = fmt::format("{} {} ({})", i, line.step, line.verdict);
    if (signal.others.empty()) out += fmt::format("    {0}->>{0}: {1}\n", ids[signal.actor], text);
    for (const auto& end : signal.others) {
      out += fmt::format("    {}{}{}: {}\n", ids[signal.actor], end.is_changed ? "->>" : "--)",
                         ids[end.lane], text);
      text = std::to_string(i);
    }
    switch_open(i);
    note(i);
  }
  return out;
}

std::string print_dot(const TraceTable& table, const ViolatedAt& violated) {
  std::string out =
      "digraph trace {\n  node [shape=box, fontname=monospace];\n  edge [fontname=monospace];\n";
  for (std::size_t i = 0; i < table.lines.size(); ++i) {
    const auto& line = table.lines[i];
    const auto names = violated_at(violated, i);
    std::string label = std::to_string(i) + "\n";
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (i == 0 ? !line.cells[c].text.empty() : line.cells[c].is_changed)
        label += fmt::format("{}: {}\n", table.columns[c],
                             line.cells[c].text.empty() ? "-" : line.cells[c].text);
    for (const auto& name : names) label += "violated " + name + "\n";
    // Lines that end in \l stand to the left.
    std::string dot_label = quoted(label);
    for (std::size_t at = 0; (at = dot_label.find('\n', at)) != dot_label.npos;)
      dot_label.replace(at, 1, "\\l");
    out += fmt::format("  s{} [label={}{}];\n", i, dot_label,
                       names.empty() ? "" : ", color=red, fontcolor=red");
    if (i > 0)
      out += fmt::format("  s{} -> s{} [label={}];\n", i - 1, i,
                         quoted(line.step + " -> " + line.verdict));
  }
  return out + "}\n";
}

}  // namespace hmm
