// What the kernel's own reader of KTAP, kunit.py parse, makes of reports.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kKunit = HMM_SOURCE_DIR "/build/kernel/6.12/tools/testing/kunit/kunit.py";

bool has_kunit() {
  if (shell("command -v python3").code != 0) {
    std::cout << "skipped for want of python3\n";
    return false;
  }
  if (std::filesystem::exists(kKunit)) return true;
  std::cout << "skipped for want of " << kKunit << ": tools/kernel-sources\n";
  return false;
}

struct Parsed {
  int ours = -1, theirs = -1;
  std::string out;
};

// kunit.py gives 0 if everything passed or was skipped.
Parsed parsed(const std::string& arguments) {
  const Folder folder;
  Parsed p;
  p.ours = shell("$H " + arguments + " --ktap > " + folder / "report.ktap").code;
  const Ran ran = shell("python3 " + kKunit + " parse " + folder / "report.ktap");
  p.theirs = ran.code;
  p.out = ran.out;
  return p;
}

}  // namespace

TEST_CASE("what holds has passed") {
  if (!has_kunit()) return;
  const Parsed p = parsed("museum MM-dirty-cow FLT-01");
  INFO(p.out);
  CHECK(p.ours == 0);
  CHECK(p.theirs == 0);
  CHECK_THAT(p.out, Catch::Contains("[PASSED] MM-dirty-cow\n") &&
                        Catch::Contains("Ran 2 tests: passed: 2\n"));
}

TEST_CASE("what is violated has failed, with its trace") {
  if (!has_kunit()) return;
  const Folder folder;
  const Parsed p =
      parsed("explore --scope tiny --set commit_checks_seq=0 --save " + (folder / "x.trace"));
  INFO(p.out);
  CHECK(p.ours == 1);
  CHECK(p.theirs == 1);
  CHECK_THAT(p.out, Catch::Contains("[FAILED] explore tiny\n") &&
                        Catch::Contains("# mmu_interval_read_retry slot=0") &&
                        Catch::Contains("Ran 1 tests: failed: 1\n") && !Catch::Contains("[ERROR]"));
}

TEST_CASE("what nobody could decide is no pass") {
  if (!has_kunit()) return;
  const Parsed p = parsed("explore --scope fork --max-states 1000");
  INFO(p.out);
  CHECK(p.ours == 3);
  CHECK(p.theirs == 1);
  CHECK_THAT(p.out, Catch::Contains("[FAILED] explore fork") && !Catch::Contains("passed: 1"));
}

TEST_CASE("what is skipped is said to be, with the reason") {
  if (!has_kunit()) return;
  const Parsed p = parsed("liveness --scope crowd --profile 7.3");
  INFO(p.out);
  CHECK(p.ours == 0);
  CHECK_THAT(p.out, Catch::Contains("[SKIPPED] liveness crowd device_accesses_end"));
}

TEST_CASE("a report that ends too early is one") {
  if (!has_kunit()) return;
  const Folder folder;
  CHECK(shell("$H museum MM-dirty-cow FLT-01 --ktap | head -n 3 > " + folder / "r").code == 0);
  const Ran ran = shell("python3 " + kKunit + " parse " + folder / "r");
  INFO(ran.out);
  CHECK_THAT(ran.out, Catch::Contains("[ERROR]"));
  CHECK(ran.code == 1);
}

TEST_CASE("a JUnit file is XML with a case for each verdict") {
  if (!has_kunit()) return;
  const Folder folder;
  CHECK(run("explore --scope tiny --set commit_checks_seq=0 --save " + (folder / "x.trace") +
            " --junit " + (folder / "r.xml"))
            .code == 1);
  const Ran ran = shell(
      "python3 -c 'import sys, xml.etree.ElementTree as x; r = x.parse(sys.argv[1]).getroot(); "
      "c = r.find(\"testcase\"); print(r.get(\"tests\"), r.get(\"failures\"), c.get(\"name\"), "
      "c.find(\"failure\").get(\"message\"))' " +
      folder / "r.xml");
  CHECK(ran.out == "1 1 explore tiny violated: no_stale_install, sequence_protocol\n");
}

}  // namespace hmm
