// The kernel's own tests in a real kernel, where one has been built.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {

TEST_CASE("the kernel's own tests hold in it") {
  const Folder folder;
  const Ran ran = run("kernel suite --kernel 6.12 --out " + (folder / "ktap"));
  if (ran.code == 4) {
    std::cout << ran.out.substr(ran.out.find("skipped for want of "));
    return;
  }
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("suite 6.12: ") && Catch::Contains(" 0 failed, of 58\n"));
  CHECK_THAT(folder.text("ktap"), Catch::Contains("1..58\n"));
}

TEST_CASE("what no call of a trace does or shows comes out right") {
  const Ran ran = run("kernel beyond --kernel 6.12");
  if (ran.code == 4) {
    std::cout << ran.out.substr(ran.out.find("skipped for want of "));
    return;
  }
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  CHECK(ran.out == "beyond 6.12: 15 tried\n");
}

TEST_CASE("what no trace does comes out right, and executes what no test of the suite does") {
  const Folder folder;
  const std::string calls = folder.file("calls.txt", "trace 1\nA mmap 0-0 rw anon\nend\n");
  const Ran ran = run("kernel coverage --kernel 6.12-gcov --profile 6.12 --calls " + calls);
  if (ran.code == 4) {
    std::cout << ran.out.substr(ran.out.find("skipped for want of "));
    return;
  }
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  for (const std::string file : {"hmm", "migrate_device", "memremap"})
    CHECK_THAT(ran.out.substr(ran.out.find("only ours:")), Catch::Contains("mm/" + file + ".c:"));
}

}  // namespace hmm
