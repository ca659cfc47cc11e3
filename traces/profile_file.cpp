#include "traces/profile_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <filesystem>

#include "model/swapops/config.h"
#include "traces/embedded.h"
#include "traces/nearest.h"
#include "traces/rule_name.h"
#include "traces/toml_text.h"

namespace hmm {
namespace {

using Chain = std::vector<std::string>;  // the profiles being read, each the base of the one before

std::string near_switch(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& s : kSwitches) names.emplace_back(s.name);
  return did_you_mean(name, names);
}

void read_switches(const toml::node& node, bool has_base, const std::string& source,
                   Profile& profile) {
  const auto* table = node.as_table();
  if (table == nullptr)
    reject(at(source, node.source()), "[switches] to be a table", type_of(node));
  std::bitset<kSwitches.size()> seen;
  for (const auto& [key, value] : *table) {
    const Switch* known = switch_named(key.str());
    if (known == nullptr)
      reject(at(source, key.source()), "a switch of hmmcheck list" + near_switch(key.str()),
             key.str());
    const auto* flag = value.as_boolean();
    if (flag == nullptr)
      reject(at(source, value.source()), fmt::format("{} = true or false", key.str()),
             type_of(value));
    profile.*known->at = flag->get();
    seen.set(static_cast<std::size_t>(known - kSwitches.data()));
  }
  if (has_base) return;
  for (std::size_t i = 0; i < kSwitches.size(); ++i)
    if (!seen[i])
      reject(at(source, node.source()),
             fmt::format("switch {}, as there is no base", kSwitches[i].name), "none");
}

ProfileFile load(const std::string& name, const Origin& by, Chain& chain);

ProfileFile parse(std::string_view text, const std::string& source, Chain& chain) {
  const toml::table table = parse_toml(text, source);
  for (const auto& [key, value] : table)
    if (key != "name" && key != "base" && key != "says" && key != "swap_kernel" &&
        key != "breaks" && key != "drop" && key != "switches")
      reject(at(source, key.source()), "name, base, says, swap_kernel, breaks, drop or [switches]",
             key.str());

  ProfileFile file;
  if (const auto* base = table.get("base")) {
    const std::string name = string_of(*base, "base", source);
    file = load(is_profile_path(name) ? beside(source, name) : name, at(source, base->source()),
                chain);
    file.base = name;
    file.says.clear();
    file.breaks.clear();
  }
  if (const auto* name = table.get("name"))
    file.profile.name = line_of(*name, "name", source);
  else
    file.profile.name = std::filesystem::path(source).stem().string();
  if (const auto* says = table.get("says")) file.says = line_of(*says, "says", source);
  if (const auto* kernel = table.get("swap_kernel")) {
    file.swap_kernel = string_of(*kernel, "swap_kernel", source);
    if (!swap_kernel_named(file.swap_kernel)) {
      std::vector<std::string> names;
      for (const auto& k : kSwapKernels) names.emplace_back(k.name);
      reject(at(source, kernel->source()), fmt::format("swap_kernel = one of {}", joined(names)),
             file.swap_kernel);
    }
  }
  if (const auto* breaks = table.get("breaks")) file.breaks = strings_of(*breaks, "breaks", source);
  if (const auto* drop = table.get("drop"))
    for (const auto& id : strings_of(*drop, "drop", source))
      drop_rule(file.profile, id, at(source, drop->source()));
  if (const auto* switches = table.get("switches"))
    read_switches(*switches, !file.base.empty(), source, file.profile);
  else if (file.base.empty())
    reject({source, 1}, "[switches], as there is no base", "none");
  return file;
}

ProfileFile load(const std::string& name, const Origin& by, Chain& chain) {
  const bool is_path = is_profile_path(name);
  const std::string id =
      is_path ? std::filesystem::weakly_canonical(std::filesystem::path(name)).string() : name;
  if (std::find(chain.begin(), chain.end(), id) != chain.end())
    reject(by, "a base that does not come back to this profile", name);
  chain.push_back(id);
  if (is_path) {
    if (!std::filesystem::exists(name)) reject(by, "a profile file to read", name);
    const std::string text = read_input(name);
    lines_of(text, name);
    ProfileFile file = parse(text, name, chain);
    const auto shipped = profile_names();
    if (std::find(shipped.begin(), shipped.end(), file.profile.name) != shipped.end())
      reject({name, 1}, "a name that no shipped profile has", file.profile.name);
    return file;
  }
  for (const auto& [known, text] : embedded_profiles())
    if (known == name) return parse(text, "model/profiles/" + name + ".toml", chain);
  reject(by,
         fmt::format("a profile ({}) or a file ending in .toml{}", joined(profile_names()),
                     did_you_mean(name, profile_names())),
         name);
}

}  // namespace

std::vector<std::string> profile_names() {
  std::vector<std::string> names;
  for (const auto& [name, text] : embedded_profiles()) names.push_back(name);
  return names;
}

bool is_profile_path(std::string_view name) {
  return name.find('/') != name.npos || name.ends_with(".toml");
}

std::string beside(const std::string& from, const std::string& path) {
  // An absolute path stays as it is.
  return (std::filesystem::path(from).parent_path() / path).string();
}

ProfileFile load_profile_file(const std::string& name_or_path, const Origin& at) {
  Chain chain;
  return load(name_or_path, at, chain);
}

Profile load_profile(const std::string& name_or_path, const Origin& at) {
  return load_profile_file(name_or_path, at).profile;
}

ProfileFile parse_profile(std::string_view text, const std::string& source) {
  Chain chain;
  return parse(text, source, chain);
}

std::pair<const Switch*, bool> parse_switch(std::string_view text, const Origin& at) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) reject(at, "switch=value", text);
  const Switch* known = switch_named(text.substr(0, equals));
  const std::string_view name = text.substr(0, equals);
  if (known == nullptr) reject(at, "a switch of hmmcheck list" + near_switch(name), name);
  const std::string_view value = text.substr(equals + 1);
  if (value == "1" || value == "true") return {known, true};
  if (value == "0" || value == "false") return {known, false};
  reject(at, fmt::format("{}=0 or {}=1", known->name, known->name), text);
}

void set_switch(Profile& profile, std::string_view text, const Origin& at) {
  const auto [known, value] = parse_switch(text, at);
  profile.*known->at = value;
}

}  // namespace hmm
