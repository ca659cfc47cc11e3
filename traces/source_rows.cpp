#include "traces/source_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "model/profile.h"
#include "model/step_infos.h"
#include "traces/embedded.h"
#include "traces/profile_file.h"
#include "traces/toml_keys.h"

namespace hmm {
namespace {

constexpr std::string_view kKeys[] = {"says",       "kernels", "steps",   "promises", "switches",
                                      "recordings", "works",   "missing", "refused"};
constexpr std::string_view kCommandKeys[] = {"run", "exit", "prints"};

std::vector<std::string> step_names() {
  std::vector<std::string> names;
  for (const auto& step : step_infos()) names.emplace_back(step.name);
  return names;
}
std::vector<std::string> switch_names() {
  std::vector<std::string> names;
  for (const auto& s : kSwitches) names.emplace_back(s.name);
  return names;
}

bool is_id(std::string_view id) {
  constexpr std::string_view kDigits = "0123456789";
  return id.size() == 5 && id.starts_with("M-") && id.find_first_not_of(kDigits, 2) == id.npos;
}

SourceCommand command_of(const toml::node& node, const std::string& path) {
  const auto* const table = node.as_table();
  if (table == nullptr)
    reject(at(path, node.source()), "works = [{ run = \"...\", exit = 0, prints = \"...\" }]",
           type_of(node));
  const TomlKeys keys(*table, path, kCommandKeys);
  SourceCommand command{keys.line("run"), 0, keys.line("prints")};
  if (const auto* const exit = table->get("exit")) {
    const auto number = exit->value<std::int64_t>();
    if (!number || *number < 0 || *number > 4)
      reject(at(path, exit->source()), "exit = 0 to 4",
             number ? std::to_string(*number) : type_of(*exit));
    command.exit = static_cast<int>(*number);
  }
  return command;
}

std::vector<SourceCommand> commands_of(const toml::table& table, const std::string& path) {
  const auto* const node = table.get("works");
  if (node == nullptr) return {};
  const auto* const array = node->as_array();
  if (array == nullptr || array->empty())
    reject(at(path, node->source()), "works = one command or more", type_of(*node));
  std::vector<SourceCommand> commands;
  for (const auto& one : *array) commands.push_back(command_of(one, path));
  return commands;
}

SourceRow row_of(const std::string& id, const toml::table& table, const std::string& path) {
  const TomlKeys keys(table, path, kKeys);
  SourceRow row;
  row.id = id;
  row.says = keys.line("says");
  row.kernels = keys.lines_of("kernels", profile_names());
  row.steps = keys.lines_of("steps", step_names());
  row.switches = keys.lines_of("switches", switch_names());
  row.promises = keys.lines("promises");
  row.recordings = keys.lines("recordings");
  row.works = commands_of(table, path);
  row.missing = keys.line_or_none("missing");
  row.refused = keys.line_or_none("refused");
  const int verdicts = !row.works.empty() + !row.missing.empty() + !row.refused.empty();
  if (verdicts != 1)
    reject(at(path, table.source()), "one of works, missing and refused", std::to_string(verdicts));
  return row;
}

}  // namespace

std::vector<SourceRow> parse_source_rows(std::string_view text, const std::string& path) {
  const toml::table table = parse_toml(text, path);
  const auto* const title = table.get("title");
  if (title == nullptr) reject({path, 1}, "title = the source", "none");
  std::vector<SourceRow> rows;
  for (const auto& [key, value] : table) {
    if (key == "title") continue;
    const auto* const of_row = value.as_table();
    if (of_row == nullptr || !is_id(key.str()))
      reject(at(path, key.source()), "title or [M-001]", key.str());
    SourceRow& row = rows.emplace_back(row_of(std::string(key.str()), *of_row, path));
    row.source = std::filesystem::path(path).stem().string();
    row.title = line_of(*title, "title", path);
  }
  return rows;
}

std::vector<SourceRow> source_rows() {
  std::vector<SourceRow> all;
  for (const auto& [name, text] : embedded_sources()) {
    const std::string path = "traces/sources/" + name + ".toml";
    for (auto& row : parse_source_rows(text, path)) {
      for (const auto& other : all)
        if (other.id == row.id) reject({path, 1}, "each row once", row.id);
      all.push_back(std::move(row));
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return all;
}

}  // namespace hmm
