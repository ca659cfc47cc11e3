// What a program says of its tests.
#include "tools/runs/ktap.h"

#include "tests/tools/binary.h"

namespace hmm {

using Names = std::vector<std::string>;

TEST_CASE("tests that pass, are skipped and fail are told apart") {
  const Ktap ktap = parse_ktap(
      "TAP version 13\n1..4\n#  RUN   a ...\n#    OK  a\nok 1 a.open_close\n"
      "ok 2 a.huge # SKIP no huge page\r\nok 3 # SKIP none\nnot ok 4 a.fork\nok\nnot ok\n");
  CHECK(ktap.planned == 4);
  CHECK(ktap.passed == 1);
  CHECK(ktap.skipped == Names{"a.huge # SKIP no huge page", "# SKIP none"});
  CHECK(ktap.failed == Names{"a.fork"});
  CHECK_FALSE(ktap.holds());
}

TEST_CASE("a suite holds if all of it came and nothing failed") {
  CHECK(parse_ktap("1..2\nok 1 a\nok 2 b # SKIP c\n").holds());
  CHECK_FALSE(parse_ktap("1..2\nok 1 a\n").holds());
  CHECK_FALSE(parse_ktap("1..2\nok 1 a\nnot ok 2 b\n").holds());
  CHECK_FALSE(parse_ktap("").holds());
}

}  // namespace hmm
