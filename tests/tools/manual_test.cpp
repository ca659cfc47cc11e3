// The manual pages: one for each verb.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {

TEST_CASE("every verb has a manual page with its options") {
  if (shell("command -v help2man").code != 0) {
    std::cout << "skipped for want of help2man: tools/setup help2man\n";
    return;
  }
  const Folder folder;
  const Ran ran = shell(HMM_SOURCE_DIR "/tools/packaging/manual $H " + (folder / "man"));
  INFO(ran.out);
  REQUIRE(ran.code == 0);
  for (const std::string verb : {"check", "explore", "step", "where", "kernel"}) {
    CAPTURE(verb);
    CHECK_THAT(
        folder.text("man/hmmcheck-" + verb + ".1"),
        Catch::Contains(".TH HMMCHECK-") && Catch::Contains("\nhmmcheck\\-" + verb + " \\- "));
  }
  CHECK_THAT(folder.text("man/hmmcheck-step.1"), Catch::Contains("\\fB\\-\\-serve\\fR"));
  CHECK_THAT(folder.text("man/hmmcheck.1"), Catch::Contains("Exit codes: 0 holds"));
}

}  // namespace hmm
