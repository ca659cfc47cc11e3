#include "traces/bug_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "model/defects.h"
#include "model/scopes.h"
#include "traces/rule_name.h"
#include "traces/toml_keys.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeys[] = {"id",      "title",   "says",  "cites",     "kind",
                                      "profile", "set",     "drop",  "mutate",    "rules",
                                      "scope",   "promise", "steps", "recordings"};

// Puts the bug into the kernel. What changes nothing of it is no bug.
Profile with_bug(const BugFile& bug, const TomlKeys& keys) {
  if (bug.sets.empty() && bug.drops.empty() && bug.mutate.empty() && bug.rules.empty())
    reject({bug.path, 1},
           "set = [\"switch=value\"], drop = [\"rule\"], mutate = \"STEP:TABLE.FIELD+1\" or "
           "rules = \"rules.diff\"",
           "none");
  Profile k = bug.fixed;
  for (const auto& text : bug.sets) {
    const auto [known, value] = parse_switch(text, keys.at("set"));
    if (k.*known->at == value)
      reject(keys.at("set"), fmt::format("a switch that {} has otherwise", bug.profile), text);
    k.*known->at = value;
  }
  for (const auto& text : bug.drops) drop_rule(k, text, keys.at("drop"));
  if (!bug.mutate.empty()) k.edit = parse_edit(bug.mutate, keys.at("mutate"));
  if (!bug.rules.empty()) k.rules = bug.rules_name();
  return k;
}

// What the bug is, whatever it is called.
std::string mutation_of(const BugFile& bug) {
  auto sets = bug.sets, drops = bug.drops;
  std::sort(sets.begin(), sets.end());
  std::sort(drops.begin(), drops.end());
  return fmt::format("{} with {} without {} mutated by {} edited by {}", bug.profile, joined(sets),
                     joined(drops), bug.mutate, bug.rules);
}

}  // namespace

std::string BugFile::folder() const { return fs::path(path).parent_path().string(); }

std::string BugFile::rules_name() const {
  std::string name = "museum-" + id;
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

BugFile parse_bug(std::string_view text, const std::string& path,
                  std::span<const std::string_view> promises) {
  const toml::table table = parse_toml(text, path);
  const TomlKeys keys(table, path, kKeys);
  std::vector<std::string> scopes;
  for (const auto& s : kScopes) scopes.emplace_back(s.name);
  BugFile bug;
  bug.path = path;
  bug.id = keys.line("id");
  bug.title = keys.line("title");
  bug.says = keys.line("says");
  bug.cites = keys.citations("a commit that mended it");
  bug.kind = keys.one_of("kind", as_strings(kBugKinds));
  bug.profile = keys.line("profile");
  bug.sets = keys.lines("set");
  bug.drops = keys.lines("drop");
  bug.mutate = keys.line_or_none("mutate");
  if (const auto diff = keys.line_or_none("rules"); !diff.empty()) {
    bug.rules = (fs::path(path).parent_path() / diff).string();
    if (!fs::exists(bug.rules)) reject(keys.at("rules"), "a diff beside it", diff);
  }
  bug.scope = keys.one_of("scope", scopes);
  bug.promise = keys.one_of("promise", as_strings(promises));
  bug.steps = keys.count("steps");
  bug.recordings = keys.line("recordings");
  bug.fixed = without_breaking_defects(load_profile(bug.profile, keys.at("profile")));
  bug.buggy = with_bug(bug, keys);
  return bug;
}

std::vector<BugFile> load_bugs(const std::string& folder,
                               std::span<const std::string_view> promises) {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  if (names.empty()) reject({folder}, "a folder with a folder for each bug", "none");
  std::sort(names.begin(), names.end());
  std::vector<BugFile> bugs;
  std::map<std::string, std::string> paths;  // by mutation
  for (const auto& name : names) {
    const std::string path = (fs::path(folder) / name / "bug.toml").string();
    BugFile bug = parse_bug(read_input(path), path, promises);
    if (bug.id != name) reject({path, 1}, fmt::format("id = \"{}\", as its folder", name), bug.id);
    const auto [other, is_new] = paths.emplace(mutation_of(bug), path);
    if (!is_new) reject({path, 1}, "a mutation of its own", "that of " + other->second);
    bugs.push_back(std::move(bug));
  }
  return bugs;
}

std::vector<MissingBug> parse_missing(std::string_view text, const std::string& path) {
  const toml::table table = parse_toml(text, path);
  std::vector<std::pair<Origin, MissingBug>> found;
  for (const auto& [about, bugs] : table) {
    const auto* const of_it = bugs.as_table();
    if (of_it == nullptr)
      reject(at(path, about.source()), fmt::format("[{}]", about.str()), type_of(bugs));
    for (const auto& [id, wants] : *of_it)
      found.push_back(
          {at(path, id.source()),
           {std::string(id.str()), std::string(about.str()), line_of(wants, id.str(), path)}});
  }
  // A table of toml++ is in the order of its keys.
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first.line < b.first.line; });
  std::map<std::string, unsigned> lines;
  std::vector<MissingBug> out;
  for (auto& [where, bug] : found) {
    const auto [other, is_new] = lines.emplace(bug.id, where.line);
    if (!is_new)
      reject(where, "each bug once", fmt::format("{} of line {}", bug.id, other->second));
    out.push_back(std::move(bug));
  }
  return out;
}

}  // namespace hmm
