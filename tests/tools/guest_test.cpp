// What a guest's results say of the traces that it was given.
#include "tools/runs/guest.h"

#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kSeen =
    "= A - - - - | d0 ff ff ff ff | d1 ff ff ff ff | d2 ff ff ff ff | d3 ff ff ff ff\n";
const std::string kWhole = "trace 1\nA load 0 -> SIGSEGV\n" + kSeen + "end\n";
const std::string kConsole = "booted\n[ 1.0] BUG: bad\n[ 1.1] Call Trace:\n";

std::string text_of(const DrivenTrace& one) { return print_recording({"", {one.trace}, {}}); }

}  // namespace

TEST_CASE("traces that a guest came through") {
  const auto all = read_results(kWhole + kWhole + "all\n", kConsole, false);
  REQUIRE(all.size() == 2);
  for (const auto& one : all) {
    CHECK(one.how == Driven::whole);
    CHECK(one.console.empty());
    CHECK(text_of(one) == kWhole);
  }
  CHECK(read_results("", "", true).empty());
}

TEST_CASE("the call in which a guest died or fell silent is its trace's last") {
  const std::string cut = "trace 2\nA load 0 -> SIGSEGV\n" + kSeen + "A release d0 -> ";
  for (const bool hangs : {false, true}) {
    const auto two = read_results(kWhole + cut, kConsole, hangs);
    REQUIRE(two.size() == 2);
    CHECK(two[0].how == Driven::whole);
    CHECK(two[1].how == (hangs ? Driven::hangs : Driven::oops));
    CHECK(text_of(two[1]) == cut + (hangs ? "hangs" : "oops") + "\nend\n");
    CHECK(two[1].console == "[ 1.0] BUG: bad\n[ 1.1] Call Trace:\n");
  }
}

TEST_CASE("what a guest notes is its trace's, and no part of the recording") {
  const std::string noted = "trace 2\nA load 0 -> SIGSEGV\n# A load 0: why\n" + kSeen + "end\n";
  const auto two = read_results(kWhole + noted + "all\n", kConsole, false);
  REQUIRE(two.size() == 2);
  CHECK(two[0].notes.empty());
  CHECK(two[1].notes == std::vector<std::string>{"A load 0: why"});
  CHECK(two[1].trace.steps.size() == 1);
  // The last may be cut off.
  CHECK(read_results(kWhole + "trace 2\n# A lo", kConsole, false).size() == 2);
}

TEST_CASE("a guest that dies when no call is under way dies at the end of its last trace") {
  for (const std::string& cut : {kWhole, kWhole.substr(0, kWhole.size() - 4)}) {
    const auto one = read_results(cut, kConsole, false);
    REQUIRE(one.size() == 1);
    CHECK(one[0].how == Driven::died_at_end);
    CHECK(text_of(one[0]) == kWhole);
  }
}

TEST_CASE("files are taken out of what a guest says") {
  // Bytes that look like what is said, and one that does not end.
  const std::string bytes = "x\nfile y 1\nend\n";
  const std::string file = "file hmm.gcda " + std::to_string(bytes.size()) + "\n" + bytes + "\n";
  std::string results = kWhole + file + "file rmap.gcda 2\nab\nall\n";
  CHECK(take_files(results) == GuestFiles{{"hmm.gcda", bytes}, {"rmap.gcda", "ab"}});
  CHECK(results == kWhole + "all\n");
  std::string first = file + "all\n";
  CHECK(take_files(first) == GuestFiles{{"hmm.gcda", bytes}});
  CHECK(first == "all\n");
  std::string cut = kWhole + "file hmm.gcda 100\nab";
  CHECK(take_files(cut).empty());
}

TEST_CASE("a kernel that dies while it is looked at has died of the call before") {
  const std::string seen = "trace 2\nA load 0 -> SIGSEGV\n" + kSeen;
  for (const std::string& cut :
       {std::string("A store 0 1 -> ok\n"), "A store 0 1 -> ok\n" + kSeen.substr(0, 20)})
    for (const bool hangs : {false, true}) {
      CAPTURE(cut, hangs);
      const auto two = read_results(kWhole + seen + cut, kConsole, hangs);
      REQUIRE(two.size() == 2);
      CHECK(two[0].how == Driven::whole);
      CHECK(two[1].how == (hangs ? Driven::hangs : Driven::oops));
      CHECK(text_of(two[1]).ends_with(hangs ? "A store 0 1 -> hangs\nend\n"
                                            : "A store 0 1 -> oops\nend\n"));
    }
  // One that is asked nothing any more has not.
  CHECK(read_results(kWhole + seen, kConsole, false)[1].how == Driven::died_at_end);
}

}  // namespace hmm
