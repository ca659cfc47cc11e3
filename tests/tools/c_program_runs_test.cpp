// The C program of a trace in a real kernel, where one has been built.
#include <iostream>

#include "tests/tools/binary.h"
#include "tools/runs/guest.h"

namespace hmm {
namespace {

// What a trace's program says in the guest of that image, compiled against that kernel's tree.
std::string said_of(const std::string& trace, const std::string& image) {
  const Folder folder;
  const std::string file = folder.file("calls.txt", trace);
  REQUIRE(run("kernel repro --out " + (folder / "repro.c") + " " + file).code == 0);
  const Ran compiled = shell("gcc -static -I" + image + "/src -o " + (folder / "repro") + " " +
                             (folder / "repro.c"));
  CAPTURE(compiled.out);
  REQUIRE(compiled.code == 0);
  GuestOptions options;
  options.image = image;
  options.programs["repro"] = folder.text("repro");
  return run_guest("run /repro\n", options).results;
}

}  // namespace

TEST_CASE("the C program of a trace does in a kernel what the trace says") {
  // Beside the program, not this test.
  const std::string image =
      (std::filesystem::path(HMM_HMMCHECK).parent_path() / "kernel/images/6.12").string();
  if (const auto missing = missing_for_guest(image); !missing.empty()) {
    std::cout << "skipped for want of " << missing << "\n";
    return;
  }
  // Each process goes on alone at times.
  const std::string calls =
      "A mmap 0-1 rw anon -> ok\nA store 0 7 -> ok\nA migrate_to_dev d0 0-0 -> ok cpages=1 7\n"
      "A fork B -> ok\nB load 0 -> 7\nB store 0 8 -> ok\nB load 0 -> 8\n"
      "A dread d0 0-1 -> ok cpages=2 faults=1 7 0\nB exit -> ok\nA munmap 0-0 -> ok\n"
      "A load 0 -> SIGSEGV\n";
  CHECK(said_of("trace 1\n" + calls + "end\n", image) == calls + "as the trace says\nall\n");
  CHECK_THAT(said_of("trace 1\nA load 0 -> 3\nend\n", image),
             Catch::Contains("SIGSEGV   (the trace: 3)\n1 results are not as the trace says\n"));
}

}  // namespace hmm
