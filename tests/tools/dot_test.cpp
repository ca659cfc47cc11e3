// Graphviz reads what is written for it.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {

TEST_CASE("a DOT graph has a node for each state and an edge for each step") {
  if (shell("command -v dot").code != 0) {
    std::cout << "skipped for want of dot: tools/setup graphviz\n";
    return;
  }
  const Ran ran = shell(
      "$H replay --export dot traces/museum/MM-dirty-cow/bug.trace | dot -Tplain | "
      "cut -d' ' -f1-3");
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  for (int i = 0; i < 9; ++i)
    CHECK_THAT(ran.out, Catch::Contains("\nnode s" + std::to_string(i) + " "));
  for (int i = 0; i < 8; ++i)
    CHECK_THAT(ran.out,
               Catch::Contains("\nedge s" + std::to_string(i) + " s" + std::to_string(i + 1)));
  const std::string dot = run("replay --export dot traces/museum/MM-dirty-cow/bug.trace").out;
  CHECK_THAT(dot, Catch::Contains("violated exclusive_page_is_not_shared\\l\", color=red"));
  CHECK_THAT(dot, Catch::Contains("pte 0.0: present p1 rw\\l"));
}

}  // namespace hmm
