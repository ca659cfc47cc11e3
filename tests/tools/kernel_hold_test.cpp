// A real kernel, where one has been built, whose tasks stop on their way.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

Ran record(const std::string& calls, const std::string& out) {
  return run("kernel record --kernel 6.12 --calls " + calls + " --out " + out);
}

bool is_skipped(const Ran& ran) {
  if (ran.code == 4) std::cout << ran.out.substr(ran.out.find("skipped for want of "));
  return ran.code == 4;
}

}  // namespace

TEST_CASE("a held mprotect is overtaken as it was when it was recorded") {
  const Folder folder;
  const std::string kept = HMM_SOURCE_DIR "/traces/recordings/held/linux-6.12.txt";
  const Ran ran = record(kept, folder / "6.12.txt");
  if (is_skipped(ran)) return;
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  std::ostringstream text;
  text << std::ifstream(kept).rdbuf();
  // Not by way of CHECK, which would print them.
  const bool is_same = folder.text("6.12.txt") == text.str();
  CHECK(is_same);
}

TEST_CASE("several calls are held at once, and what they hold up waits") {
  const Folder folder;
  const std::string calls = folder.file("calls.txt",
                                        "trace 1\n"
                                        "A mmap 0-1 rw anon\n"
                                        "A store 0 5\n"
                                        "A store 1 6\n"
                                        "A migrate_to_dev d0 0-0\n"
                                        "A load 0 -> held at dmirror_devmem_fault\n"
                                        "A migrate_to_dev d1 1-1 -> held at migrate_vma_pages\n"
                                        "A load 1\n"
                                        "A munmap 0-0\n"
                                        "A migrate_to_dev d1 1-1\n"
                                        "A load 0 -> held after do_swap_page\n"
                                        "A load 0\n"
                                        "end\n");
  const Ran ran = record(calls, folder / "out.txt");
  if (is_skipped(ran)) return;
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  const std::string text = folder.text("out.txt");
  CHECK_THAT(text, Catch::Contains("A load 0 -> held at dmirror_devmem_fault\n"
                                   "A migrate_to_dev d1 1-1 -> held at migrate_vma_pages\n"
                                   "A load 1 -> waits\n"
                                   "A munmap 0-0 -> waits\n"
                                   "A migrate_to_dev d1 1-1 -> ok cpages=1 6\n"
                                   "A load 0 -> held after do_swap_page\n"
                                   "A load 0 -> 5\n"
                                   "A load 1 -> 6\n"
                                   "A munmap 0-0 -> ok\n"));
}

TEST_CASE("what cannot be held, or never comes by, says so and goes on") {
  const Folder folder;
  const std::string made = "trace 1\nA mmap 0-0 rw anon\n";
  const auto says = [&](const std::string& call, const std::string& place, int code,
                        const std::string& why) {
    const Ran ran = record(
        folder.file("calls.txt", made + call + " -> held " + place + "\n" + call + "\nend\n"),
        folder / "out.txt");
    if (is_skipped(ran)) return;
    CHECK(ran.code == code);
    CHECK_THAT(ran.out, Catch::Contains("trace 1: " + call + ": " + why));
    CHECK_THAT(folder.text("out.txt"), Catch::Contains(call + " -> ok"));
  };
  says("A munmap 0-0", "at change_protection", 0, "never came by to be held at change_protection");
  says("A store 0 1", "at no_function", 2, "not held at no_function: no function of that name");
  says("A store 0 1", "at schedule", 2, "not held at schedule: a function that is not built to be");
  says("A store 0 1", "at folio_add_new_anon_rmap", 2,
       "not held at folio_add_new_anon_rmap: under a spinlock");
}

}  // namespace hmm
