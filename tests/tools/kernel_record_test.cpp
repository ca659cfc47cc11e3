// A real kernel, where one has been built.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {

TEST_CASE("what a kernel answers is a recording, the same again, and the model's") {
  const Folder folder;
  const auto record = [&](const std::string& calls, const std::string& file) {
    return run("kernel record --kernel 6.12 " + calls + " --out " + (folder / file));
  };
  const Ran ran = record("--traces 5 --seed 11", "6.12.txt");
  if (ran.code == 4) {
    std::cout << ran.out.substr(ran.out.find("skipped for want of "));
    return;
  }
  CAPTURE(ran.out);
  REQUIRE(ran.code == 0);
  CHECK(run("conform --profile 6.12 " + (folder / "6.12.txt")).code == 0);
  CHECK(record("--calls " + (folder / "6.12.txt"), "again.txt").code == 0);
  CHECK(folder.text("6.12.txt") == folder.text("again.txt"));
}

TEST_CASE("what a trace comes to does not depend on those before it") {
  const Folder folder;
  // A page of d2 that a device has exclusively is evicted as the first ends, and leaks a reference.
  const std::string leak =
      "trace 1\nA mmap 2-3 rw anon\nA fork B\nA migrate_to_dev d2 3-3\nA exclusive d0 2-3\nend\n";
  const std::string file = folder.file("calls.txt", leak + "trace 2\nA release d2\nend\n");
  const Ran ran = run("kernel record --kernel 6.12 --call-seconds 5 --calls " + file + " --out " +
                      (folder / "6.12.txt"));
  if (ran.code == 4) return;
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("trace 2: its last call did not come back; a fresh kernel"));
  CHECK_THAT(folder.text("6.12.txt"), Catch::Contains("trace 2\nA release d2 -> ok\n"));
}

}  // namespace hmm
