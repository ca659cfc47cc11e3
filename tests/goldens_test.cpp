// What tests/goldens/ and each README.md say is what the rules do. `tools/goldens` rewrites both.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <sstream>

#include "tests/goldens/readme.h"
#include "tests/goldens/recompute.h"

namespace hmm::goldens {
namespace {

const std::string kRoot = HMM_SOURCE_DIR;

Goldens some_goldens() {
  return {
      parse("# Some.\n"
            "explore tiny states 1234567 edges 9876543 depth 7\n"
            "model steps 3 properties 4\n"
            "scope pair steps 2 instances 5\n"
            "encodings configs 9 claims 81\n"
            "kept bugs 5 patches 6 explored_scopes 7\n"
            "defect d breaks 2 depth 11\n"
            "recording held/a.txt traces 1 calls 20 agree 1 d 3 e 4\n",
            "some", "some.txt")};
}

std::string refreshed(const std::string& readme) {
  return refreshed(readme, some_goldens(), [](const std::string& command) {
    return command + "\n1,000 states, 2.5 s, 300 states/s\n";
  });
}

}  // namespace

TEST_CASE("the goldens are what the rules give") {
  const Goldens old = load(kRoot), fresh = recomputed(old, kQuick);
  REQUIRE(old.size() == fresh.size());
  for (std::size_t i = 0; i < old.size(); ++i) {
    INFO("tools/goldens rewrites tests/goldens/" << old[i].name << ".txt");
    CHECK(read_input(folder(kRoot) + old[i].name + ".txt") == print(fresh[i]));
  }
}

TEST_CASE("every README says what the goldens and the commands say") {
  const auto paths = readmes(kRoot);
  CHECK(paths.size() >= 6);
  for (const auto& path : paths) {
    INFO("tools/goldens rewrites " << path);
    const std::string readme = read_input(kRoot + "/" + path);
    CHECK(readme == refreshed(readme, load(kRoot), run_in_scratch, {path, false}));
  }
}

TEST_CASE("README.md is short enough to be read") {
  const std::string readme = read_input(kRoot + "/README.md");
  CHECK(std::count(readme.begin(), readme.end(), '\n') <= 200);
}

TEST_CASE("what a README names is there: verbs, options, scripts and files") {
  std::map<std::string, std::string> help_of;
  const auto help = [&](const std::string& verb) -> const std::string& {
    const auto [at, is_new] = help_of.try_emplace(verb);
    if (is_new) at->second = run_in_scratch("build/hmmcheck " + verb + " --help");
    return at->second;
  };
  std::size_t options = 0;
  for (const auto& path : readmes(kRoot)) {
    const std::string readme = read_input(kRoot + "/" + path);
    for (const auto& file : mentioned_files(readme, path)) {
      CAPTURE(path, file);
      CHECK(std::filesystem::exists(kRoot + "/" + file));
    }
    for (const auto& command : mentioned_commands(readme)) {
      CAPTURE(path, command);
      std::istringstream words(command);
      std::string verb, word;
      words >> verb;
      if (verb == "kernel" && words >> word) verb += " " + word;
      if (verb.starts_with("--") || verb == "VERB") continue;
      CHECK_THAT(help(verb), Catch::Contains("Usage: hmmcheck " + verb));
      while (words >> word) {
        if (!word.starts_with("--")) continue;
        ++options;
        word = word.substr(0, word.find_first_of("=,;:)"));
        CAPTURE(word);
        CHECK_THAT(help(verb), Catch::Contains(" " + word) || Catch::Contains("," + word));
      }
    }
  }
  // Else they are no longer read.
  CHECK(options > 45);
}

TEST_CASE("a golden is read as it is written") {
  const std::string text =
      "# What they are of.\nexplore tiny states 834881 depth 65\nrecording linux-6.12.txt calls "
      "8\n";
  CHECK(print(parse(text, "x", "x.txt")) == text);
  CHECK(parse(text, "x", "x.txt").lines[1].key == "recording linux-6.12.txt");
  CHECK(find({parse(text, "x", "x.txt")}, "explore tiny")->value("depth") == 65u);
  CHECK(find({parse(text, "x", "x.txt")}, "explore") == nullptr);
  CHECK_THROWS_WITH(parse("# x\nexplore tiny states\n", "x", "x.txt"),
                    "x.txt:2: expected KEY NAME NUMBER ..., found explore tiny states");
  CHECK_THROWS_WITH(golden("explore nowhere", "states"),
                    "no golden `explore nowhere ... states`: tools/goldens");
}

TEST_CASE("a README's numbers are rewritten, and the columns after them stay") {
  const std::string not_run = "<!-- not run by the tests: it builds and checks everything -->\n";
  CHECK(
      refreshed(not_run +
                "```\n$ tools/check\n"
                "prove     2^64   6.12   swap entries   3660 proved, 0 not          6.4  holds\n"
                "prove     pair   6.12   53 steps x 22 properties   1166 proved, 0  1.0  holds\n"
                "random    large  6.12   22 properties     6,400,000 steps          1.0  holds\n"
                "explore   tiny   6.12   22 properties     1 states, 2 edges, depth 65, 30 B/state"
                "                       0.4  holds\n"
                "explore   tiny   6.12   d        breaks 14 properties, the first at depth 2   "
                "0.2\n```\n") ==
      not_run +
          "```\n$ tools/check\n"
          "prove     2^64   6.12   swap entries   81 proved, 0 not            6.4  holds\n"
          "prove     pair   6.12   3 steps x 4 properties     8 proved, 0     1.0  holds\n"
          "random    large  6.12   4 properties      6,400,000 steps          1.0  holds\n"
          "explore   tiny   6.12   4 properties      1,234,567 states, 9,876,543 edges, depth 7, "
          "30 B/state        0.4  holds\n"
          "explore   tiny   6.12   d        breaks 2 properties, the first at depth 11   "
          "0.2\n```\n");
  CHECK(refreshed("for 432 configurations of v16\n"
                  "runs, 1 bugs that Linux had, 2 patches of the kernel's history\n"
                  "| `held/a.txt` | 7 | 7 | 7 | `d` 1 |\n") ==
        "for 9 configurations of v16\n"
        "runs, 5 bugs that Linux had, 6 patches of the kernel's history\n"
        "| `held/a.txt` | 1 | 20 | 1 | `d` 3, `e` 4 |\n");
  CHECK_THROWS(refreshed("```\nexplore   nowhere  1 states, 2 edges, depth 3\n```\n"));
}

TEST_CASE("a README's example is what the command prints, but for what the machine decides") {
  const std::string same =
      "```\n$ build/hmmcheck x\nbuild/hmmcheck x\n"
      "1,000 states, 4.0 s, 8 states/s\n$ tools/y \\\n  z\ntools/y   z\n"
      "1,000 states, 2.5 s, 300 states/s\n```\n";
  CHECK(refreshed(same) == same);
  const std::string printed =
      "```\n$ build/hmmcheck x\nbuild/hmmcheck x\n1,000 states, 2.5 s, 300 states/s\n```\n";
  CHECK(refreshed("```\n$ build/hmmcheck x\nbuild/hmmcheck x\n999 states, 7 s, 8 states/s\nmore\n"
                  "```\n") == printed);
  const auto row = [](const std::string& text) { return "```\n$ x\n" + text + "\n```\n"; };
  const auto run = [](const std::string&) {
    return std::string("random  x  9 steps/s   4.1  holds\n");
  };
  const std::string other = row("random  x  88 steps/s  1.0  holds");
  CHECK(refreshed(other, some_goldens(), run) == other);
  CHECK(refreshed(row("random  x  88 steps/s  1.0  violated"), some_goldens(), run) != other);
  // Too far from it, both ways.
  for (const char* far : {"99.0 s, 300", "2.5 s, 2", "2.5 s, 40,000"})
    CHECK(refreshed("```\n$ build/hmmcheck x\nbuild/hmmcheck x\n1,000 states, " + std::string(far) +
                    " states/s\n```\n") == printed);
}

TEST_CASE("what is left out of an example is between lines that are there") {
  const auto run = [](const std::string& readme) {
    return refreshed(readme, some_goldens(), [](const std::string&) { return "a\nb\nc\nd\n"; });
  };
  for (const std::string same :
       {"```\n$ x\na\n...\nd\n```\n", "```\n$ x\n...\nc\nd\n```\n", "```\n$ x\na\n...\n```\n"})
    CHECK(run(same) == same);
  CHECK(run("```\n$ x\na\n...\ne\n```\n") == "```\n$ x\na\nb\nc\nd\n```\n");
  CHECK(run("```\n$ x\na\n...\nc\n```\n") == "```\n$ x\na\n...\nc\nd\n```\n");
  CHECK(run("```\n$ x\nb\n...\nd\n```\n") == "```\n$ x\na\n...\nd\n```\n");
}

TEST_CASE("what is not run has a reason, which is one of a few") {
  const std::string slow = "<!-- not run by the tests: it takes minutes -->\n```\n$ x\nold\n```\n";
  CHECK(refreshed(slow) == slow);
  const auto run = [](const std::string&) { return std::string("new\n"); };
  CHECK_THAT(refreshed(slow, some_goldens(), run, {"a.md", true}), Catch::Contains("\nnew\n"));
  CHECK_THROWS_WITH(refreshed("\n<!-- not run by the tests: no time -->\n```\n$ x\n```\n"),
                    Catch::StartsWith("README.md:2: expected one of: it takes minutes, ") &&
                        Catch::EndsWith("found no time -->"));
}

TEST_CASE("commands and files are found in blocks and in sentences") {
  CHECK(mentioned_commands(
            "a `hmmcheck x\n--y` `z --w`\n```\n$ build/hmmcheck x \\\n  --v | hmmcheck "
            "u\nhmmcheck t\n```\n") == std::vector<std::string>{"x  --v ", "u", "x --y"});
  CHECK(mentioned_files("[a](../b/c.md#d) [e](https://f) `tools/g h`\n$ tools/i",
                        "model/README.md") ==
        std::vector<std::string>{"b/c.md", "tools/g", "tools/i"});
}

}  // namespace hmm::goldens
