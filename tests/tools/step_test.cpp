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
        "  1 mmap_region mm=0 vpn=0 read=1 write=1 -> ok\n"
        "      vma mm=0 vpn=0: mapped 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "mmap_region mm=0 vpn=0 read=1 write=1 -> ok\n"
        "  vma mm=0 vpn=0: mapped 0 -> 1, read 0 -> 1, write 0 -> 1\n"
        "  1 do_anonymous_page mm=0 vpn=0 pfn=1 -> ok\n"
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

TEST_CASE("why not names all guards where several refuse the same") {
  const Ran ran = step("mmap_region mm=0 vpn=0 read=0 write=0\\nwhy cpu_load mm=0 vpn=0\\n");
  INFO(ran.out);
  CHECK_THAT(ran.out, Catch::Contains("needs_fault: ") && Catch::Contains("\n  cpu_load.") &&
                          Catch::Contains("\n  without all of them ok\n"));
}

TEST_CASE("the list is of a step, or of a page that a step names or changes") {
  const std::string mapped =
      "mmap_region mm=0 vpn=0 read=1 write=1\\ndo_anonymous_page mm=0 vpn=0 pfn=1\\n";
  const auto lines_with = [](const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
    return n;
  };
  const std::string all = step(mapped + "list\\n").out;
  const std::string page = step(mapped + "list pfn=1\\n").out;
  const std::string other = step(mapped + "list pfn=2\\n").out;
  CHECK(lines_with(page, "-> ok\n") < lines_with(all, "-> ok\n"));
  CHECK_THAT(page, Catch::Contains("cpu_store mm=0 vpn=0 value=1 -> ok\n      ghost"));
  CHECK_THAT(other, Catch::EndsWith("nothing with pfn=2 can happen here\n"));
}

TEST_CASE("how far a claim is, and that another breaks first") {
  const std::string options = "--set commit_checks_seq=0";
  CHECK_THAT(step("far no_stale_install.no_stale_walk_was_installed\\n", options).out,
             Catch::StartsWith("7 steps:\n") && !Catch::Contains("nobody looked further"));
  CHECK_THAT(step("far mirror_matches_cpu.device_writes_only_what_the_cpu_may\\n", options).out,
             Catch::Contains(" steps:\n") &&
                 Catch::EndsWith("they break mirror_matches_cpu.device_names_the_page_of_the_cpu "
                                 "first; nobody looked further for mirror_matches_cpu."
                                 "device_writes_only_what_the_cpu_may\n"));
  CHECK_THAT(step("far no_stale_install.no_stale\\n", options).out,
             Catch::Contains("expected a property of `hmmcheck list properties`, or "
                             "PROPERTY.CLAIM"));
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
  // From there, why the driver's own check would have refused the last step.
  const Ran why = step(commands + "undo\\nwhy mmu_interval_read_retry slot=1\\n", options);
  CHECK(why.code == 2);
  CHECK_THAT(why.out, Catch::Contains("hmmcheck: line 9: expected "));
  CHECK_THAT(step(commands + "why mmu_interval_read_retry slot=0\\n", options).out,
             Catch::Contains("wrong_stage: ") &&
                 Catch::Contains("\n  mmu_interval_read_retry.wrong_stage: without it "));
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
