// The page of a served run in headless Chromium, as somebody has it who walks through it.
#include <iostream>

#include "tests/tools/server.h"

namespace hmm {

TEST_CASE("a shortest counterexample in a browser, to the claim that breaks") {
  if (shell("command -v chromium").code != 0) {
    std::cout << "skipped for want of chromium: tools/setup chromium\n";
    return;
  }
  const Folder folder;
  const Server server("--set commit_checks_seq=0");
  const auto shown = [&](const std::string& fragment) {
    const Ran ran = shell(
        "exec 2>/dev/null; timeout 120 chromium --headless --no-sandbox --disable-gpu "
        "--no-first-run --user-data-dir=" +
        (folder / "browser") + " --virtual-time-budget=2000 --dump-dom 'http://127.0.0.1:" +
        server.port() + "/" + fragment + "'");
    CHECK(ran.code == 0);
    return ran.out;
  };
  CHECK_THAT(shown(""), Catch::Contains("<section class=\"next\"") &&
                            Catch::Contains("aria-live=\"polite\">0 of 0</span>"));
  server.post("verb=far&command=no_stale_install");
  const std::string far = shown("");
  const auto begin = far.find("<pre class=\"answer\">7 steps:\n");
  REQUIRE(begin != far.npos);
  std::istringstream steps(far.substr(begin, far.find("</pre>", begin) - begin));
  std::string line;
  std::getline(steps, line);
  while (std::getline(steps, line)) server.post("command=" + line.substr(2));
  const std::string dom = shown("#step-7");
  CHECK_THAT(dom, Catch::Contains("aria-live=\"polite\">7 of 7</span>") &&
                      Catch::Contains("<li>broken: no_stale_install."));
}

}  // namespace hmm
