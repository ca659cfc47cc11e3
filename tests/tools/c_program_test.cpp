// Calls as a C program: every call can be written, and what is written compiles.
#include "tools/runs/c_program.h"

#include <iostream>

#include "tests/tools/binary.h"

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

RecordedTrace trace_of(const std::string& text) {
  return parse_calls(text, "calls.txt").traces.front();
}

}  // namespace

TEST_CASE("every call can be written in C") {
  for_each_call([](const auto& call) {
    CAPTURE(std::string(call.row.name));
    CHECK(is_written_in_c(c_of(call).name));
  });
  CHECK(c_of(call::DeviceWrite{{2}, {0, 3}, {5}}).written == "call_dwrite(2, 0, 3, 5)");
  CHECK(c_of(call::Mmap{{0, 1}, call::Rights::rw, call::Memory::shared}).written ==
        "call_mmap(0, 1, PROT_READ | PROT_WRITE, MAP_SHARED)");
}

TEST_CASE("a program has what its calls need, and nothing else") {
  const std::string text =
      c_program(trace_of("trace 1\nA mmap 0-0 rw anon -> ok\nA load 0 -> 0\nend\n"), "calls.txt");
  CHECK_THAT(text, Catch::Contains("static void call_load(") &&
                       Catch::Contains("\tA(call_load(0), \"load 0\", \"0\");\n") &&
                       Catch::Contains(" *   A load 0 -> 0\n"));
  CHECK_THAT(text, !Catch::Contains("call_store(") && !Catch::Contains("dmirror(") &&
                       !Catch::Contains("@"));
}

TEST_CASE("a call that is held is none that a program makes") {
  const std::string text =
      "trace 1\nA mmap 0-0 rw anon -> ok\nA mprotect 0-0 r -> held at change_protection\nend\n";
  CHECK_THROWS_WITH(c_program(trace_of(text), "calls.txt"),
                    "calls.txt:3: expected calls that end, as a program makes them, found A "
                    "mprotect 0-0 r");
}

TEST_CASE("a program of every call compiles") {
  const std::string linux = HMM_SOURCE_DIR "/build/kernel/6.12";
  if (!std::filesystem::exists(linux + "/lib/test_hmm_uapi.h")) {
    std::cout << "skipped for want of " << linux << ": tools/kernel-sources\n";
    return;
  }
  const Folder folder;
  folder.file("repro.c", c_program(trace_of(kEveryCall), "calls.txt"));
  const Ran ran = shell("gcc -static -Wall -Wextra -Wno-clobbered -Werror -I " + linux + " " +
                        (folder / "repro.c") + " -o " + (folder / "repro"));
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
}

}  // namespace hmm
