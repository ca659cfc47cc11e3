// What tests/goldens/ and README.md say is what the rules do. `tools/goldens` rewrites both.
#include <catch2/catch.hpp>

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

TEST_CASE("README.md says what the goldens and the commands say") {
  INFO("tools/goldens rewrites README.md");
  const std::string readme = read_input(kRoot + "/README.md");
  CHECK(readme == refreshed(readme, load(kRoot), run_in_scratch));
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
  CHECK(
      refreshed("```\n$ tools/check\n"
                "prove     2^64   6.12   swap entries   3660 proved, 0 not          6.4  holds\n"
                "prove     pair   6.12   53 steps x 22 properties   1166 proved, 0  1.0  holds\n"
                "random    large  6.12   22 properties     6,400,000 steps          1.0  holds\n"
                "explore   tiny   6.12   22 properties     1 states, 2 edges, depth 65, 30 B/state"
                "                       0.4  holds\n"
                "explore   tiny   6.12   d        breaks 14 properties, the first at depth 2   "
                "0.2\n```\n") ==
      "```\n$ tools/check\n"
      "prove     2^64   6.12   swap entries   81 proved, 0 not            6.4  holds\n"
      "prove     pair   6.12   3 steps x 4 properties     8 proved, 0     1.0  holds\n"
      "random    large  6.12   4 properties      6,400,000 steps          1.0  holds\n"
      "explore   tiny   6.12   4 properties      1,234,567 states, 9,876,543 edges, depth 7, "
      "30 B/state        0.4  holds\n"
      "explore   tiny   6.12   d        breaks 2 properties, the first at depth 11   0.2\n```\n");
  CHECK(refreshed("for 432 configurations of v16\n"
                  "| `held/a.txt` | 7 | 7 | 7 | `d` 1 |\n") ==
        "for 9 configurations of v16\n"
        "| `held/a.txt` | 1 | 20 | 1 | `d` 3, `e` 4 |\n");
  CHECK_THROWS(refreshed("```\nexplore   nowhere  1 states, 2 edges, depth 3\n```\n"));
}

TEST_CASE("a README's example is what the command prints, but for what the machine decides") {
  const std::string same =
      "```\n$ build/hmmcheck x\nbuild/hmmcheck x\n"
      "1,000 states, 77.0 s, 8 states/s\n$ tools/y\nz\n```\n";
  CHECK(refreshed(same) == same);
  CHECK(refreshed("```\n$ build/hmmcheck x\nbuild/hmmcheck x\n999 states, 7 s, 8 states/s\nmore\n"
                  "```\n") ==
        "```\n$ build/hmmcheck x\nbuild/hmmcheck x\n1,000 states, 2.5 s, 300 states/s\n```\n");
}

}  // namespace hmm::goldens
