// A run that is walked by hand, from a file of commands.
#include "tests/tools/binary.h"

namespace hmm {
namespace {

Ran step(const std::string& commands, const std::string& options = "") {
  return shell("printf '" + commands + "' | $H step " + options);
}

}  // namespace

TEST_CASE("what can happen is listed with what it changes, taken by number, and taken back") {
  const Ran ran = step(
      "list mmap_region write=1\\n1\\nlist do_anonymous_page\\n1\\nshow\\nundo 2\\nshow\\nquit\\n"
      "never read\\n");
  INFO(ran.out);
  CHECK(ran.code == 0);
  CHECK(ran.out ==
        "  1 mmap_region mm=0 vpn=0 read=1 write=1\n"
        "      vma mm=0 vpn=0: mapped 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "mmap_region mm=0 vpn=0 read=1 write=1 -> ok\n"
        "  vma mm=0 vpn=0: mapped 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "  1 do_anonymous_page mm=0 vpn=0 pfn=1\n"
        "      pte mm=0 vpn=0: kind none -> present, pfn 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "      page pfn=1:     refcount 0 -> 1, mapcount 0 -> 1, lru 0 -> 1, anon 0 -> 1, "
        "anon_exclusive 0 -> 1\n"
        "do_anonymous_page mm=0 vpn=0 pfn=1 -> ok\n"
        "  pte mm=0 vpn=0: kind none -> present, pfn 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "  page pfn=1:     refcount 0 -> 1, mapcount 0 -> 1, lru 0 -> 1, anon 0 -> 1, "
        "anon_exclusive 0 -> 1\n"
        "  mm mm=0 alive=1\n"
        "  vma mm=0 vpn=0 mapped=1 read=1 write=1\n"
        "  pte mm=0 vpn=0 kind=present pfn=1 read=1 write=1\n"
        "  page pfn=1 refcount=1 mapcount=1 lru=1 anon=1 anon_exclusive=1\n"
        "after 0 steps\n"
        "  mm mm=0 alive=1\n");
}

TEST_CASE("why not names the guard") {
  const Ran ran = step(
      "why do_anonymous_page mm=0 vpn=0 pfn=1\\nwhy mmap_region mm=0 vpn=0 read=1 "
      "write=0\\ndo_anonymous_page mm=0 vpn=0 pfn=1\\n");
  INFO(ran.out);
  CHECK_THAT(ran.out, Catch::Contains("no_vma: ") &&
                          Catch::Contains("\n  do_anonymous_page.no_vma: without it ") &&
                          Catch::Contains("it can happen: ok\n") &&
                          Catch::Contains("-> no_vma\n  nothing happens: "));
}

TEST_CASE(
    "how far a property is from here, through a shortest counterexample, saved and replayed") {
  const Folder folder;
  const std::string options = "--set commit_checks_seq=0";
  const Ran far = step("far no_stale_install\\n", options);
  INFO(far.out);
  REQUIRE(far.out.rfind("7 steps:\n", 0) == 0);
  std::istringstream lines(far.out);
  std::string commands, line;
  std::getline(lines, line);
  while (std::getline(lines, line)) commands += line + "\\n";
  const Ran walked = step(commands + "table\\nsave " + folder / "walked.trace\\n", options);
  INFO(walked.out);
  CHECK(walked.code == 0);
  CHECK_THAT(walked.out, Catch::Contains("  broken: no_stale_install.") &&
                             Catch::Contains("\n#  ") && Catch::Contains("saved: "));
  CHECK_THAT(folder.text("walked.trace"), Catch::Contains("\nexpect violated no_stale_install\n"));
  CHECK(run("replay -q " + folder / "walked.trace").code == 0);
  // And on from there.
  CHECK_THAT(step("undo\\nfar no_stale_install\\n", folder / "walked.trace").out,
             Catch::Contains("after 6 steps\n1 steps:\n"));
}

TEST_CASE("a command that is none is refused with its line") {
  const auto refused = [](const std::string& commands, const std::string& message) {
    const Ran ran = step(commands);
    CAPTURE(commands, ran.out);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.out, Catch::Contains("hmmcheck: line " + message));
  };
  refused("# nothing\\n\\nlsit\\n", "3: expected a number, a step, or one of list, undo");
  refused("1\\n", "1: expected list before a number, found 1");
  refused("list\\n999\\n", "2: expected 1 to ");
  refused("undo\\n", "1: expected undo and a number up to 0");
  refused("mmap_region mm=9\\n", "1: expected");
  refused("far no_stale\\n", "1: expected a property");
  refused("save\\n", "1: expected a file");
  refused("why no_step\\n", "1: expected a step");
  refuses("step --scope huge", "--scope: expected one of");
  refuses("step /nowhere.trace", "/nowhere.trace: expected");
}

}  // namespace hmm
