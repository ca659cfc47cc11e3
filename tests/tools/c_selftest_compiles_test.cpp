// A trace as a test of the kernel's own suite compiles as a part of it.
#include <iostream>

#include "tests/tools/binary.h"
#include "tools/runs/c_selftest.h"

namespace hmm {
namespace {

const std::string kTrace =
    "trace 1\n"
    "A mmap 0-3 rw anon -> ok\n"
    "A store 0 1 -> ok\n"
    "A mprotect 1-1 none -> ok\n"
    "A mlock 0-0 -> ok\n"
    "A munlock 0-0 -> ok\n"
    "A migrate_to_dev d0 0-0 -> ok cpages=1 1\n"
    "A dread d0 0-0 -> ok cpages=1 faults=0 1\n"
    "A dwrite d1 0-1 7 -> EFAULT\n"
    "A exclusive d1 0-0 -> ok cpages=1 1\n"
    "A check_exclusive d1 0-0 -> EPERM\n"
    "A migrate_to_sys d0 0-0 -> ok cpages=0\n"
    "A release d0 -> ok\n"
    "A load 0 -> 1\n"
    "A dontneed 0-0 -> ok\n"
    "A mremap 0 1 -> ok\n"
    "A munmap 2-2 -> EINVAL\n"
    "end\n";

}  // namespace

TEST_CASE("the kernel's suite compiles with a trace as one of its tests") {
  const std::string linux = HMM_SOURCE_DIR "/build/kernel/6.12";
  const std::string suite = linux + "/tools/testing/selftests";
  if (!std::filesystem::exists(suite + "/mm/hmm-tests.c")) {
    std::cout << "skipped for want of " << suite << ": tools/kernel-sources\n";
    return;
  }
  const Folder folder;
  folder.file(
      "test.h",
      c_selftest(parse_calls(kTrace, "calls.txt", Results::required).traces.front(), "a_trace"));
  const Ran ran = shell("cd '" + folder.path() + "' && sed 's/^TEST_HARNESS_MAIN$//' '" + suite +
                        "/mm/hmm-tests.c' >suite.c && cat test.h >>suite.c && "
                        "echo TEST_HARNESS_MAIN >>suite.c && gcc -static -Wall -O1 -iquote '" +
                        suite + "/mm' -I '" + linux + "' suite.c -o suite");
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
}

}  // namespace hmm
