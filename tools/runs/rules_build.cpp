#include "tools/runs/rules_build.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "properties/engines/rules_builds.h"
#include "traces/conform.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

// tools/rules builds below build/, where the program is or, of a preset that has a folder of its
// own, the folder above it.
fs::path folder_of_builds() {
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  std::error_code none;
  return fs::is_directory(here / "rules", none) ? here / "rules" : here.parent_path() / "rules";
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.is_directory(none)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

// Never unloaded: engines and traces may hold what it made.
void load_module(const std::string& name, const fs::path& file, const Origin& at) {
  void* const module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr)
    reject(at, "a build that this program can load", fmt::format("rules:{}: {}", name, dlerror()));
  try {
    if (const void* door = dlsym(module, "hmm_rules_door"))
      add_rules(name, *static_cast<const RulesDoor*>(door));
    else if (const void* calls = dlsym(module, "hmm_conform_door"))
      add_conform(name, *static_cast<const ConformDoor*>(calls));
  } catch (const std::invalid_argument& e) {
    throw StaleRules(
        fmt::format("{}: expected rules whose states and steps are this program's, as tools/rules "
                    "{} makes them anew, found {}",
                    at.source, name, e.what()));
  }
}

// A diff that was put to another text than this program's is not what differs from it.
void require_text(const std::string& name, const fs::path& folder, const Origin& at) {
  if (!fs::exists(folder / "text")) return;
  std::string text = read_input(folder / "text");
  text.resize(text.find_last_not_of('\n') + 1);
  if (text != kRulesText)
    throw StaleRules(
        fmt::format("{}: expected a diff that is put to this program's rules, as tools/rules {} "
                    "does anew, found one of another text",
                    at.source, name));
}

// Nor is the text of a tree what it was before somebody edited that.
void require_unedited(const std::string& name, const fs::path& folder, const Origin& at) {
  std::error_code none;
  const auto built = fs::last_write_time(folder / "tree", none);
  if (none) return;
  std::string tree = read_input(folder / "tree");
  tree.resize(tree.find_last_not_of('\n') + 1);
  for (const char* part : {"model", "properties", "traces"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(tree) / part, none)) {
      const auto kind = entry.path().extension();
      if ((kind == ".h" || kind == ".cpp") && fs::last_write_time(entry.path(), none) > built)
        throw StaleRules(fmt::format(
            "{}: expected rules of what stands in {}, as tools/rules {} makes them anew, found a "
            "build older than {}",
            at.source, tree, name, fs::relative(entry.path(), tree, none).string()));
    }
}

}  // namespace

void require_conform(const std::string& name, const char* option) {
  if (!name.empty() && !has_conform(name))
    reject({option}, "rules that are built to judge recordings, without --no-recordings",
           "rules:" + name);
}

void load_rules(const std::string& name, const Origin& at) {
  if (has_rules(name)) return;
  const fs::path folder = folder_of_builds();
  const auto known = names_in(folder);
  if (std::find(known.begin(), known.end(), name) == known.end())
    reject(at,
           known.empty() ? "a build of tools/rules"
                         : fmt::format("a build of tools/rules ({})", joined(known)),
           "rules:" + name);
  if (const fs::path error = folder / name / "error"; fs::exists(error))
    reject(at, "rules that compile", read_input(error));
  require_text(name, folder / name, at);
  require_unedited(name, folder / name, at);
  std::vector<fs::path> modules;
  for (const auto& entry : fs::directory_iterator(folder / name))
    if (entry.path().extension() == ".so" && entry.path().stem().string().front() != '.')
      modules.push_back(entry.path());
  std::sort(modules.begin(), modules.end());
  for (const auto& module : modules) load_module(name, module, at);
  if (!has_rules(name))
    reject(at, "a build that has been made", "none in " + (folder / name).string());
}

std::string load_kept_rules(const std::string& name, const std::string& diff,
                            const std::string& rest, const Origin& at) {
  std::string_view what = "not built";
  std::error_code none;
  if (fs::is_directory(folder_of_builds() / name, none)) try {
      load_rules(name, at);
      return {};
    } catch (const StaleRules&) {
      what = "built of another text";
    }
  return fmt::format("rules that are {}: tools/rules {} --diff {} {}", what, name, diff, rest);
}

}  // namespace hmm
