#pragma once
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy_code.h"

// The house rules about source text. Each checker takes a path relative to the repository's root
// and the text of that file, and returns what is wrong with it, as `path:line: what`.
namespace hmm::tidy {

struct File {
  std::string path;
  std::string text;
};

using Findings = std::vector<std::string>;

inline std::string top_folder(std::string_view path) {
  const auto slash = path.find('/');
  return slash == path.npos ? std::string() : std::string(path.substr(0, slash));
}

inline bool ends_in(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

inline bool is_header(std::string_view path) { return path.ends_with(".h"); }
inline bool is_code(std::string_view path) { return ends_in(path, {".h", ".cpp", ".c"}); }

template <class Visit>
void for_each_line(const File& file, Visit&& visit) {
  std::istringstream in(file.text);
  std::string line;
  for (unsigned number = 1; std::getline(in, line); ++number)
    visit(line, file.path + ":" + std::to_string(number) + ": ");
}

// What a folder's files may include from this repository, besides themselves.
inline std::set<std::string> may_include(const std::string& folder) {
  if (folder == "model") return {"model"};
  if (folder == "properties") return {"model", "properties"};
  if (folder == "traces") return {"model", "traces"};
  if (folder == "tools") return {"model", "properties", "traces", "tools"};
  return {"model", "properties", "traces", "tools", "tests"};
}

// Rules are pure values: the headers that allocate, print, or read a clock, a file or chance are
// not among these.
inline bool pure_standard_header(const std::string& name) {
  static const std::set<std::string> pure{
      "algorithm", "array",   "bit",     "bitset",           "cassert",  "climits",     "compare",
      "concepts",  "cstddef", "cstdint", "initializer_list", "iterator", "limits",      "numeric",
      "optional",  "ranges",  "span",    "string_view",      "tuple",    "type_traits", "utility",
      "variant",   "version"};
  return pure.count(name) != 0;
}

// Constant within a run and read by no rule: a profile's name, lists of configurations, and what
// stands for steps and states where no rule is.
inline bool is_plain_data(const std::string& path, const std::string& header) {
  return (path == "model/profile.h" && header == "string") ||
         (path == "model/swapops/config.h" && header == "vector") ||
         (path == "model/machine.h" && header == "vector");
}

// Steps, and the templates that run them at a scope: what is compiled anew when a rule changes, and
// so not included by the tools, which ask at the door (properties/engines/engines.h). What judges
// the states of recordings is at their own scope, which has no engines.
inline bool is_behind_the_door(const std::string& path, const std::string& name) {
  static const std::set<std::string> doors{"properties/engines/answer.h",
                                           "properties/engines/compare_steps.h",
                                           "properties/engines/rules_builds.h",
                                           "properties/engines/engines.h",
                                           "properties/engines/explored.h",
                                           "properties/engines/judged_machine.h",
                                           "properties/engines/property_set.h",
                                           "properties/engines/prove_encodings.h",
                                           "properties/engines/rapid.h",
                                           "properties/engines/solver_memory.h",
                                           "properties/engines/written_leaves.h",
                                           "properties/survivors.h",
                                           "properties/waivers.h"};
  if (path.starts_with("tools/runs/recording_properties.")) return false;
  if (name.starts_with("properties/")) return doors.count(name) == 0;
  return name == "model/steps.h" || name.starts_with("model/steps/") || name == "model/run.h" ||
         name == "model/plain.h";
}

struct Include {
  char opens;  // '<' or '"'
  std::string name;
};

inline std::optional<Include> include_of(std::string_view line) {
  const auto skip_blanks = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  for (const std::string_view word : {"#", "include"}) {
    skip_blanks();
    if (!line.starts_with(word)) return {};
    line.remove_prefix(word.size());
  }
  skip_blanks();
  const auto end = line.find_first_of(">\"", 1);
  if (end == line.npos || (line.front() != '<' && line.front() != '"')) return {};
  return Include{line.front(), std::string(line.substr(1, end - 1))};
}

inline Findings check_includes(const File& file) {
  Findings findings;
  const std::string folder = top_folder(file.path);
  const bool in_model = folder == "model";
  const bool in_domain = file.path.starts_with("model/domain/");
  for_each_line(file, [&](const std::string& line, const std::string& where) {
    const auto include = include_of(line);
    if (!include) return;
    const std::string& name = include->name;
    if (include->opens == '<') {
      const bool solver = name.starts_with("z3");
      if (in_model && solver && !in_domain)
        findings.push_back(where + "only model/domain/ includes " + name);
      if (in_model && !solver && !pure_standard_header(name) && !is_plain_data(file.path, name))
        findings.push_back(where + "model/ does not include <" + name + ">");
      return;
    }
    const std::string from = top_folder(name);
    if (from.empty()) {
      findings.push_back(where + "expected a path from the root, found \"" + name + "\"");
    } else if (may_include(folder).count(from) == 0) {
      findings.push_back(where + folder + "/ does not include " + name);
    } else if (folder == "tools" && is_behind_the_door(file.path, name)) {
      findings.push_back(where + "tools/ asks properties/engines/engines.h and not " + name);
    } else if (in_domain && !name.starts_with("model/domain/") && name != "model/scope.h") {
      // A domain is sized by a scope, and knows no rule.
      findings.push_back(where + "model/domain/ does not include " + name);
    }
  });
  return findings;
}

// Columns as an editor counts them: bytes that continue a UTF-8 character take none.
inline std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

inline Findings check_shape(const File& file) {
  constexpr unsigned kLines = 400;
  constexpr std::size_t kColumns = 100;
  Findings findings;
  unsigned lines = 0;
  for_each_line(file, [&](const std::string& line, const std::string& where) {
    ++lines;
    if (columns(line) > kColumns) findings.push_back(where + "more than 100 columns");
    if (is_header(file.path) && line.find("using "
                                          "namespace ") != line.npos)
      findings.push_back(where + "using a namespace in a header");
  });
  if (lines > kLines) findings.push_back(file.path + ": more than 400 lines");
  if (is_header(file.path) && !file.text.starts_with("#pragma once\n"))
    findings.push_back(file.path + ":1: expected #pragma once");
  return findings;
}

// What a file has too long or too vague, by `path: function`, and how a finding says it.
struct Offence {
  std::string place;
  std::string finding;
};

// Functions that do not fit on a screen.
inline std::vector<Offence> long_functions(const File& file) {
  constexpr std::size_t kLines = 60;
  std::vector<Offence> found;
  for (const Function& f : functions_of(file.text))
    if (f.length > kLines)
      found.push_back({file.path + ": " + f.name, file.path + ":" + std::to_string(f.line) + ": " +
                                                      f.name + "() has " +
                                                      std::to_string(f.length) + " lines"});
  return found;
}

// A `default:` keeps the compiler from saying that a switch forgets an enumerator.
inline std::vector<Offence> defaults(const File& file) {
  std::vector<Offence> found;
  const auto functions = functions_of(file.text);
  for (const std::size_t line : lines_of_defaults(file.text)) {
    std::string name;
    for (const Function& f : functions)
      if (f.line <= line && line < f.line + f.length) name = f.name;
    found.push_back({file.path + ": " + name,
                     file.path + ":" + std::to_string(line) + ": default: in " + name + "()"});
  }
  return found;
}

// The offences that are not excused. What is excused and offends no more is a finding too, so that
// a list of excuses, made when a check came to code that was there, can only get shorter.
inline Findings not_excused(const std::vector<Offence>& offences,
                            std::multiset<std::string> excused) {
  Findings findings;
  for (const Offence& o : offences) {
    const auto at = excused.find(o.place);
    if (at == excused.end())
      findings.push_back(o.finding);
    else
      excused.erase(at);
  }
  for (const std::string& place : excused) findings.push_back(place + ": take it off the list");
  return findings;
}

// Kernel text and the paths of one machine. The words are split here so that this file passes.
inline Findings check_origin(const File& file) {
  static const std::array<std::string, 5> forbidden{
      "SPDX-License-Identifier: "
      "GPL",
      "/ho"
      "me/",
      "/ro"
      "ot/",
      "/wo"
      "rk/",
      "/t"
      "mp/"};
  Findings findings;
  for_each_line(file, [&](const std::string& line, const std::string& where) {
    for (const std::string& word : forbidden) {
      const auto at = line.find(word);
      if (at == line.npos) continue;
      // A path begins here; the middle of a longer one is another matter.
      const char before = at == 0 ? ' ' : line[at - 1];
      const bool middle = std::isalnum(static_cast<unsigned char>(before)) || before == '}' ||
                          before == '.' || before == '_';
      if (word.front() != '/' || !middle) findings.push_back(where + "found " + word);
    }
  });
  return findings;
}

inline Findings check_top_level(const std::vector<std::string>& folders,
                                const std::vector<std::string>& files) {
  static const std::set<std::string> known_folders{"model", "properties", "traces", "tools",
                                                   "tests"};
  static const std::set<std::string> known_files{"CMakeLists.txt", "CMakePresets.json",
                                                 "README.md"};
  Findings findings;
  std::set<std::string> missing = known_folders;
  for (const std::string& folder : folders) {
    missing.erase(folder);
    if (!folder.starts_with(".") && folder != "build" && known_folders.count(folder) == 0)
      findings.push_back(folder + ": not one of the house's folders");
  }
  for (const std::string& file : files)
    if (!file.starts_with(".") && known_files.count(file) == 0)
      findings.push_back(file + ": not one of the house's files");
  for (const std::string& folder : missing) findings.push_back(folder + ": missing");
  return findings;
}

inline std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<File> source_tree(const std::filesystem::path& root) {
  std::vector<File> files;
  for (const char* folder : {"model", "properties", "traces", "tools", "tests", ".ci"}) {
    const auto top = root / folder;
    if (!std::filesystem::exists(top)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top))
      if (entry.is_regular_file())
        files.push_back({entry.path().lexically_relative(root).generic_string(), read(entry)});
  }
  for (const auto& entry : std::filesystem::directory_iterator(root))
    if (entry.is_regular_file())
      files.push_back({entry.path().filename().generic_string(), read(entry)});
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

}  // namespace hmm::tidy
