#include "tests/tidy.h"

#include <catch2/catch.hpp>

namespace hmm::tidy {
namespace {

using Check = Findings (*)(const File&);

const std::vector<File>& tree() {
  static const std::vector<File> files = source_tree(HMM_SOURCE_DIR);
  return files;
}

template <class Applies>
void check_tree(Check check, Applies&& applies) {
  unsigned checked = 0;
  for (const File& file : tree()) {
    if (!applies(file.path)) continue;
    ++checked;
    for (const std::string& finding : check(file)) FAIL_CHECK(finding);
  }
  CHECK(checked > 0);
}

TEST_CASE("includes follow the arrows") { check_tree(check_includes, is_code); }

TEST_CASE("code is short and narrow") {
  check_tree(check_shape, [](const std::string& path) {
    return is_code(path) ||
           ends_in(path, {"CMakeLists.txt", ".cmake", "tools/setup", "tools/build", "tools/check",
                          "tools/test", "tools/goldens", "tools/kernel-sources", ".ci/run"});
  });
}

void check_offences(std::vector<Offence> (*offences_of)(const File&),
                    std::initializer_list<std::string_view> folders,
                    const std::multiset<std::string>& excused) {
  std::vector<Offence> offences;
  for (const File& file : tree()) {
    const std::string folder = top_folder(file.path);
    if (!is_code(file.path) || std::find(folders.begin(), folders.end(), folder) == folders.end())
      continue;
    for (auto& offence : offences_of(file)) offences.push_back(std::move(offence));
  }
  for (const std::string& finding : not_excused(offences, excused)) FAIL_CHECK(finding);
}

TEST_CASE("a function fits on a screen") {
  check_offences(long_functions, {"model", "properties", "traces", "tools", "tests"},
                 {"model/verdict.cpp: sentence_of"});
}

TEST_CASE("a switch names every enumerator") {
  check_offences(defaults, {"model", "properties", "traces"}, {});
}

TEST_CASE("no file holds kernel text or one machine's paths") {
  check_tree(check_origin, [](const std::string&) { return true; });
}

TEST_CASE("the top level is the house's") {
  std::vector<std::string> folders, files;
  for (const auto& entry : std::filesystem::directory_iterator(HMM_SOURCE_DIR))
    (entry.is_directory() ? folders : files).push_back(entry.path().filename().string());
  for (const std::string& finding : check_top_level(folders, files)) FAIL_CHECK(finding);
}

// The checkers' teeth.

std::size_t includes_found(const std::string& path, const std::string& what) {
  return check_includes({path, "#pragma once\n#include " + what + "\n"}).size();
}

TEST_CASE("an include against the arrows is found") {
  struct Row {
    const char* path;
    const char* what;
    std::size_t found;
  };
  const Row row = GENERATE(values<Row>({
      {"model/steps/a.h", "\"model/state.h\"", 0},
      {"model/steps/a.h", "\"properties/property.h\"", 1},
      {"model/steps/a.h", "\"traces/text.h\"", 1},
      {"model/steps/a.h", "\"state.h\"", 1},
      {"model/domain/a.h", "\"model/domain/domain.h\"", 0},
      {"model/domain/a.h", "\"model/scope.h\"", 0},
      {"model/domain/a.h", "\"model/state.h\"", 1},
      {"properties/a.h", "\"model/state.h\"", 0},
      {"properties/a.h", "\"traces/text.h\"", 1},
      {"traces/a.cpp", "\"model/state.h\"", 0},
      {"traces/a.cpp", "\"properties/property.h\"", 1},
      {"traces/a.cpp", "\"tools/verbs/verbs.h\"", 1},
      {"tools/verbs/a.cpp", "\"properties/waivers.h\"", 0},
      {"tools/verbs/a.cpp", "\"properties/engines/engines.h\"", 0},
      {"tools/verbs/a.cpp", "\"properties/engines/explore.h\"", 1},
      {"tools/verbs/a.cpp", "\"properties/engines/check_all.h\"", 1},
      {"tools/runs/a.cpp", "\"model/steps.h\"", 1},
      {"tools/runs/a.cpp", "\"model/step_infos.h\"", 0},
      {"tools/verbs/a.cpp", "\"traces/text.h\"", 0},
      {"tools/verbs/a.cpp", "\"tests/tidy.h\"", 1},
      {"tests/a_test.cpp", "\"tools/verbs/verbs.h\"", 0},
  }));
  INFO(row.path << " includes " << row.what);
  CHECK(includes_found(row.path, row.what) == row.found);
}

TEST_CASE("a header that a rule has no use for is found") {
  for (const char* impure : {"iostream", "fstream", "random", "chrono", "cstdio", "memory",
                             "vector", "string", "map", "functional", "thread", "fmt/format.h"}) {
    INFO(impure);
    CHECK(includes_found("model/a.h", "<" + std::string(impure) + ">") == 1);
    CHECK(includes_found("model/domain/a.h", "<" + std::string(impure) + ">") == 1);
    CHECK(includes_found("properties/a.h", "<" + std::string(impure) + ">") == 0);
  }
  CHECK(includes_found("model/a.h", "<array>") == 0);
  CHECK(includes_found("model/a.h", "<z3++.h>") == 1);
  CHECK(includes_found("model/swapops/a.h", "<z3.h>") == 1);
  CHECK(includes_found("model/domain/a.h", "<z3++.h>") == 0);
  CHECK(check_includes({"model/a.h", "  #  include<vector> // why\n"}).size() == 1);
}

TEST_CASE("a shape that does not fit is found") {
  const std::string line(100, 'x');
  CHECK(check_shape({"a.cpp", line + "\n"}).empty());
  CHECK(check_shape({"a.cpp", line + "x\n"}) == Findings{"a.cpp:1: more than 100 columns"});
  // A character of three bytes is one column.
  CHECK(check_shape({"a.cpp", line.substr(1) + "\u2192\n"}).empty());

  std::string lines;
  for (int i = 0; i < 400; ++i) lines += "\n";
  CHECK(check_shape({"a.cpp", lines}).empty());
  CHECK(check_shape({"a.cpp", lines + "\n"}) == Findings{"a.cpp: more than 400 lines"});

  CHECK(check_shape({"a.h", "int x;\n"}) == Findings{"a.h:1: expected #pragma once"});
  const std::string uses =
      "using "
      "namespace std;\n";
  CHECK(check_shape({"a.h", "#pragma once\n" + uses}) ==
        Findings{"a.h:2: using a namespace in a header"});
  CHECK(check_shape({"a.cpp", uses}).empty());
}

TEST_CASE("kernel text and machine paths are found") {
  CHECK(check_origin({"a.c",
                      "// SPDX-License-Identifier: "
                      "GPL-2.0\n"})
            .size() == 1);
  for (const std::string folder : {"ho"
                                   "me",
                                   "ro"
                                   "ot",
                                   "wo"
                                   "rk",
                                   "t"
                                   "mp"}) {
    CHECK(check_origin({"a.sh", "\ncd /" + folder + "/x\n"}) ==
          Findings{"a.sh:2: found /" + folder + "/"});
    CHECK(check_origin({"a.sh", "\"/" + folder + "/x\"\n"}).size() == 1);
    CHECK(check_origin({"a.sh", "cd \"${dir}/" + folder + "/x\" build/" + folder + "/\n"}).empty());
  }
}

TEST_CASE("a stray at the top level is found") {
  const std::vector<std::string> house{"model", "properties", "traces", "tools", "tests"};
  auto folders = house;
  folders.insert(folders.end(), {".git", ".ci", "build"});
  CHECK(check_top_level(folders, {"README.md", "CMakeLists.txt", ".gitignore"}).empty());
  folders.push_back("src");
  CHECK(check_top_level(folders, {}) == Findings{"src: not one of the house's folders"});
  CHECK(check_top_level(house, {"notes.txt"}) ==
        Findings{"notes.txt: not one of the house's files"});
  CHECK(check_top_level({house.begin() + 1, house.end()}, {}) == Findings{"model: missing"});
}

}  // namespace
}  // namespace hmm::tidy
