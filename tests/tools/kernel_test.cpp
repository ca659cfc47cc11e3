// Real kernels: what is refused without one.
#include "tests/tools/binary.h"
#include "tools/runs/rapid_calls.h"
#include "traces/profile_file.h"

namespace hmm {

TEST_CASE("a kernel that is not built is no pass") {
  const Ran ran = run("kernel record --kernel none --profile 6.12 --traces 1");
  CHECK(ran.code == 4);
  CHECK(ran.out == "hmmcheck: warning: skipped for want of a kernel: tools/kernel/build none\n");
}

TEST_CASE("what is to be driven is said, once") {
  refuses("kernel record --kernel none",
          "--traces: expected --calls FILE or --traces N, found none");
  const Folder patches;
  const std::string patch = patches.file("fix.patch", "");
  refuses("kernel validate --patch " + patch,
          "expected --kernel VERSION or --tree DIR, found none");
  refuses("kernel validate --kernel 6.12 --tree . --patch " + patch, "found both");
  refuses("kernel validate --kernel 6.12 --patch " + patch + ".none",
          "--patch: expected a file, found " + patch + ".none");
  refuses("kernel validate --kernel 5.0 --patch " + patch,
          "A: expected a profile, as no version that has one was named, found none");
  refuses("kernel record --kernel none --calls - </dev/null", "expected trace, found the end");
  refuses("kernel record --kernel none --traces 1",
          "--profile: expected a profile, as the image's name is none, found none");
  const Folder folder;
  const std::string file = folder.file("calls.txt", "trace 1\nA lode 0 -> 0\nend\n");
  refuses("kernel record --kernel none --calls " + file, "calls.txt:2: expected ");
  refuses("kernel repro " + file, "calls.txt:2: expected ");
  folder.file("calls.txt", "trace 1\nA load 0 -> SIGSEGV\nend\n");
  refuses("kernel repro --trace 2 " + file, "--trace: expected one of 1 traces, found 2");
  CHECK_THAT(run("kernel repro " + file).out, Catch::Contains("A(call_load(0), \"load 0\", "));
  folder.file("calls.txt",
              "trace 1\nA mmap 0-0 rw anon\nA mprotect 0-0 r -> held at change_protection\nend\n");
  CHECK(run("kernel record --kernel none --calls " + file).code == 4);
  refuses("kernel repro " + file, "calls.txt:2: expected ->, found the end of the line");
  // Calls whose answers nobody knows.
  folder.file("calls.txt", "trace 1\nA load 0\nend\n");
  CHECK(run("kernel record --kernel none --calls " + file).code == 4);
}

TEST_CASE("traces that are drawn depend on their own seed alone, and no call of them is held") {
  const Profile k = load_profile("6.12");
  const auto three = draw_traces(k, 7, 3, 20), one = draw_traces(k, 9, 1, 20);
  CHECK(print_recording({"", {three[2]}, {}}) == print_recording({"", one, {}}));
  std::size_t calls = 0;
  for (const auto& trace : three)
    for (const auto& step : trace.steps) {
      ++calls;
      CHECK(ending_of(step.call.result.outcome) != Ending::under_way);
    }
  CHECK(calls > 30);
}

TEST_CASE("what tools/kernel/build cannot build is refused") {
  const auto refused = [](const std::string& arguments, const std::string& message) {
    const Ran ran = shell(HMM_SOURCE_DIR "/tools/kernel/build " + arguments);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.out, Catch::Contains("tools/kernel/build: expected " + message));
  };
  const Folder folder;
  refused("", "a kernel, as 6.12 or newest, or --tree DIR, found none");
  refused("6.x", "a kernel, as 6.12 or newest, or --tree DIR, found 6.x");
  refused("6.12 --name ../x", "a name of letters, digits, ., - and _, found ../x");
  refused("6.12 --tree " + folder.path(), "a kernel or --tree DIR, found both");
  refused("--tree " + folder.path(), "a kernel's tree after --tree, found");
  folder.file("Makefile", "");
  refused("--tree " + folder.path(), "a tree with lib/test_hmm.c (CONFIG_TEST_HMM), found");
  refused("6.12 --patch none.patch", "a readable file, found none.patch");
  refused("6.12 --debug-vm maybe", "on or off after --debug-vm, found maybe");
  refused("6.12 --tea",
          "--tree, --name, --patch, --config, --debug-vm, --kasan, --gcov or --stock");
}

TEST_CASE("a kernel that no package has is no pass") {
  const std::string source = HMM_SOURCE_DIR "/tools/kernel/source ";
  for (const char* name : {"", "6", "6.12 6.1"}) CHECK(shell(source + name).code == 2);
  const Folder folder;
  for (const std::string program : {"apt-get", "apt-cache"}) {
    folder.file(program, "#!/bin/sh\n[ $1 = indextargets ]\n");
    std::filesystem::permissions(folder / program, std::filesystem::perms::owner_all);
  }
  for (const std::string name : {"0.0", "newest"}) {
    const Ran ran = shell("PATH=" + folder.path() + ":$PATH " + source + name);
    CHECK(ran.code == 4);
    CHECK(ran.out ==
          "tools/kernel/source: skipped for want of a mirror of bookworm among this machine's\n");
  }
}

TEST_CASE("suite and coverage want a kernel") {
  CHECK(run("kernel suite --kernel none").code == 4);
  CHECK(run("kernel beyond --kernel none").code == 4);
  CHECK(run("kernel coverage --kernel none --profile 6.12 --traces 1").code == 4);
  refuses("kernel coverage --kernel none",
          "--traces: expected --calls FILE or --traces N, found none");
}

}  // namespace hmm
