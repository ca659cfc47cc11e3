// A C program of every call, and a test of the kernel's suite, compile against a kernel's tree.
#include <iostream>

#include "tests/tools/binary.h"
#include "tools/runs/c_program.h"
#include "tools/runs/c_selftest.h"

namespace hmm {
namespace {

const std::string kEveryCall =
    "trace 1\n"
    "A mmap 0-3 rw anon -> ok\n"
    "A mmap 3-3 r shared -> ok\n"
    "A store 0 1 -> ok\n"
    "A load 0 -> 1\n"
    "A mprotect 1-1 none -> ok\n"
    "A load 1 -> SIGSEGV\n"
    "A mlock 0-0 -> ok\n"
    "A munlock 0-0 -> ok\n"
    "A clear_soft_dirty -> ok\n"
    "A pin 0 -> ok\n"
    "A unpin 0 -> ok\n"
    "A migrate_to_dev d0 0-0 -> ok cpages=1 1\n"
    "A dread d0 0-0 -> ok cpages=1 faults=0 1\n"
    "A fork B -> ok\n"
    "B dwrite d1 0-1 7 -> ok cpages=2 faults=2\n"
    "B exclusive d1 0-0 -> ok cpages=1 7\n"
    "B check_exclusive d1 0-0 -> ok\n"
    "B exit -> ok\n"
    "A migrate_to_sys d0 0-0 -> ok cpages=0\n"
    "A release d0 -> ok\n"
    "A dontneed 0-0 -> ok\n"
    "A mremap 0 1 -> ok\n"
    "A munmap 2-2 -> EINVAL\n"
    "end\n";

}  // namespace

TEST_CASE("a program of every call compiles") {
  const std::string linux = HMM_SOURCE_DIR "/build/kernel/6.12";
  if (!std::filesystem::exists(linux + "/lib/test_hmm_uapi.h")) {
    std::cout << "skipped for want of " << linux << ": tools/kernel-sources\n";
    return;
  }
  const Folder folder;
  folder.file("repro.c",
              c_program(parse_calls(kEveryCall, "calls.txt", Results::required).traces.front()));
  const Ran ran = shell("gcc -static -Wall -Wextra -Wno-clobbered -Werror -I " + linux + " " +
                        (folder / "repro.c") + " -o " + (folder / "repro"));
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
}

// What is kept to be sent to the kernel's makers: a program of its own, and those of calls.
TEST_CASE("the programs of defects compile") {
  const std::string linux = HMM_SOURCE_DIR "/build/kernel/6.12";
  if (!std::filesystem::exists(linux + "/lib/test_hmm_uapi.h")) {
    std::cout << "skipped for want of " << linux << ": tools/kernel-sources\n";
    return;
  }
  const Folder folder;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HMM_SOURCE_DIR "/traces/defects")) {
    const auto& path = entry.path();
    std::string source = path;
    if (path.extension() == ".txt") {
      source = folder / "repro.c";
      REQUIRE(run("kernel repro --out " + source + " " + path.string()).code == 0);
    } else if (path.extension() != ".c") {
      continue;
    }
    ++count;
    const Ran ran = shell("gcc -static -Wall -Wextra -Wno-clobbered -Werror -I " + linux + " " +
                          source + " -o " + (folder / "repro"));
    CAPTURE(path, ran.out);
    CHECK(ran.code == 0);
  }
  CHECK(count >= 9);
}

}  // namespace hmm
