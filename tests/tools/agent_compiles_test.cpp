// The program that makes calls in a guest compiles as tools/kernel/build compiles it.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {

TEST_CASE("the agent compiles") {
  const std::string linux = HMM_SOURCE_DIR "/build/kernel/6.12";
  if (!std::filesystem::exists(linux + "/lib/test_hmm_uapi.h")) {
    std::cout << "skipped for want of " << linux << ": tools/kernel-sources\n";
    return;
  }
  const Ran ran = shell("cd '" HMM_SOURCE_DIR
                        "' && for file in tools/kernel/agent/*.cpp; do "
                        "g++ -std=c++20 -O0 -Wall -Wextra -Werror -fsyntax-only -I. -I '" +
                        linux + "' \"$file\" || exit 1; done");
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
}

}  // namespace hmm
