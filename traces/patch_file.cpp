#include "traces/patch_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "model/scopes.h"
#include "traces/rule_name.h"
#include "traces/toml_keys.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeys[] = {
    "id",          "title",         "says",    "cites",     "before",      "before_set",
    "before_drop", "before_mutate", "after",   "after_set", "after_drop",  "after_mutate",
    "after_rules", "defects",       "scopes",  "differ",    "proved_only", "broken",
    "mended",      "may_break",     "misleads"};

Profile side_of(const TomlKeys& keys, const std::string& name) {
  Profile k = load_profile(keys.line(name), keys.at(name));
  for (const auto& text : keys.lines(name + "_set")) set_switch(k, text, keys.at(name + "_set"));
  for (const auto& id : keys.lines(name + "_drop")) drop_rule(k, id, keys.at(name + "_drop"));
  if (const auto edit = keys.line_or_none(name + "_mutate"); !edit.empty())
    k.edit = parse_edit(edit, keys.at(name + "_mutate"));
  return k;
}

}  // namespace

PatchFile parse_patch(std::string_view text, const std::string& path,
                      std::span<const std::string_view> promises) {
  const toml::table table = parse_toml(text, path);
  const TomlKeys keys(table, path, kKeys);
  std::vector<std::string> scopes;
  for (const auto& s : kScopes) scopes.emplace_back(s.name);
  PatchFile patch;
  patch.path = path;
  patch.id = keys.line("id");
  patch.title = keys.line("title");
  patch.says = keys.line("says");
  patch.misleads = keys.line_or_none("misleads");
  patch.cites = keys.citations("the patch's commit");
  patch.keeps_defects =
      !keys.line_or_none("defects").empty() && !keys.one_of("defects", {"kept"}).empty();
  patch.scopes = keys.lines_of("scopes", scopes);
  patch.differ = keys.lines("differ");
  patch.proved_only = keys.lines("proved_only");
  patch.broken = keys.lines_of("broken", as_strings(promises));
  patch.mended = keys.lines_of("mended", as_strings(promises));
  patch.may_break = keys.lines("may_break");
  patch.before = side_of(keys, "before");
  patch.after = side_of(keys, "after");
  if (const auto diff = keys.line_or_none("after_rules"); !diff.empty()) {
    patch.rules = (fs::path(path).parent_path() / diff).string();
    if (!fs::exists(patch.rules)) reject(keys.at("after_rules"), "a diff beside it", diff);
  } else if (patch.before == patch.after) {
    reject({path, 1}, "two kernels, that differ", "one");
  }
  if (patch.scopes.empty()) reject({path, 1}, "scopes = [\"a scope that is explored\"]", "none");
  return patch;
}

std::vector<PatchFile> load_patches(const std::string& folder,
                                    std::span<const std::string_view> promises) {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  if (names.empty()) reject({folder}, "a folder with a folder for each patch", "none");
  std::sort(names.begin(), names.end());
  std::vector<PatchFile> patches;
  for (const auto& name : names) {
    const std::string path = (fs::path(folder) / name / "patch.toml").string();
    PatchFile patch = parse_patch(read_input(path), path, promises);
    if (patch.id != name)
      reject({path, 1}, fmt::format("id = \"{}\", as its folder", name), patch.id);
    patches.push_back(std::move(patch));
  }
  return patches;
}

}  // namespace hmm
