#include "traces/bug_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "model/scopes.h"
#include "traces/nearest.h"
#include "traces/rule_name.h"
#include "traces/toml_text.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCites = "cites = [\"a commit that mended it\"]";

constexpr std::string_view kKeys[] = {"id",      "title", "says",      "cites",  "kind",
                                      "profile", "set",   "drop",      "mutate", "scope",
                                      "promise", "steps", "recordings"};

std::vector<std::string> listed(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

// The values of one file by key.
class Keys {
 public:
  Keys(const toml::table& table, const std::string& source) : table_(table), source_(source) {
    for (const auto& [key, value] : table)
      if (std::find(std::begin(kKeys), std::end(kKeys), key.str()) == std::end(kKeys))
        reject(hmm::at(source, key.source()), joined(listed(kKeys)), key.str());
  }

  Origin at(std::string_view key) const {
    const toml::node* const node = table_.get(key);
    return node == nullptr ? Origin{source_, 1} : hmm::at(source_, node->source());
  }
  std::string line(std::string_view key) const {
    return line_of(required(key, fmt::format("{} = a line of text", key)), key, source_);
  }
  // Empty if there is no such key.
  std::string line_or_none(std::string_view key) const {
    return table_.get(key) == nullptr ? std::string() : line(key);
  }
  // A line that is one of these.
  std::string one_of(std::string_view key, const std::vector<std::string>& names) const {
    const std::string text = line(key);
    if (std::find(names.begin(), names.end(), text) == names.end())
      reject(at(key),
             fmt::format("{} = one of {}{}", key, joined(names), did_you_mean(text, names)), text);
    return text;
  }
  // None if there is no such key.
  std::vector<std::string> lines(std::string_view key) const {
    const toml::node* const node = table_.get(key);
    return node == nullptr ? std::vector<std::string>() : strings_of(*node, key, source_);
  }
  unsigned count(std::string_view key) const {
    const std::string expected = fmt::format("{} = a number above 0", key);
    const toml::node& node = required(key, expected);
    const auto* const number = node.as_integer();
    if (number == nullptr) reject(at(key), expected, type_of(node));
    constexpr std::int64_t kMost = 1'000'000;
    if (number->get() < 1 || number->get() > kMost)
      reject(at(key), expected, std::to_string(number->get()));
    return static_cast<unsigned>(number->get());
  }

 private:
  const toml::node& required(std::string_view key, const std::string& expected) const {
    const toml::node* const node = table_.get(key);
    if (node == nullptr) reject({source_, 1}, expected, "none");
    return *node;
  }

  const toml::table& table_;
  const std::string& source_;
};

// Twelve digits of a commit and more, or a title in quotes for what nobody knows the commit of.
bool is_citation(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  std::size_t digits = 0;
  for (const char c : text) {
    const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    digits = is_digit ? digits + 1 : 0;
    if (digits == kDigits) return true;
  }
  const std::size_t open = text.find('"');
  return open != text.npos && text.find('"', open + 2) != text.npos;
}

std::vector<std::string> citations_of(const Keys& keys) {
  const auto cites = keys.lines("cites");
  if (cites.empty()) reject(keys.at("cites"), kCites, "none");
  for (const auto& cite : cites)
    if (!is_citation(cite))
      reject(keys.at("cites"), "a commit of 12 digits or more, or a title in quotes", cite);
  return cites;
}

// Puts the bug into the kernel. What changes nothing of it is no bug.
Profile with_bug(const BugFile& bug, const Keys& keys) {
  if (bug.sets.empty() && bug.drops.empty() && bug.mutate.empty())
    reject({bug.path, 1},
           "set = [\"switch=value\"], drop = [\"rule\"] or mutate = \"STEP:TABLE.FIELD+1\"",
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
  return k;
}

// What the bug is, whatever it is called.
std::string mutation_of(const BugFile& bug) {
  auto sets = bug.sets, drops = bug.drops;
  std::sort(sets.begin(), sets.end());
  std::sort(drops.begin(), drops.end());
  return fmt::format("{} with {} without {} mutated by {}", bug.profile, joined(sets),
                     joined(drops), bug.mutate);
}

}  // namespace

std::string BugFile::folder() const { return fs::path(path).parent_path().string(); }

BugFile parse_bug(std::string_view text, const std::string& path,
                  std::span<const std::string_view> promises) {
  const toml::table table = parse_toml(text, path);
  const Keys keys(table, path);
  std::vector<std::string> scopes;
  for (const auto& s : kScopes) scopes.emplace_back(s.name);
  BugFile bug;
  bug.path = path;
  bug.id = keys.line("id");
  bug.title = keys.line("title");
  bug.says = keys.line("says");
  bug.cites = citations_of(keys);
  bug.kind = keys.one_of("kind", listed(kBugKinds));
  bug.profile = keys.line("profile");
  bug.sets = keys.lines("set");
  bug.drops = keys.lines("drop");
  bug.mutate = keys.line_or_none("mutate");
  bug.scope = keys.one_of("scope", scopes);
  bug.promise = keys.one_of("promise", listed(promises));
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
