// The C program of a trace in a real kernel, where one has been built.
#include <iostream>

#include "tests/tools/binary.h"
#include "tools/runs/guest.h"

namespace hmm {
namespace {

// What a program says in the guest of that image, compiled against that kernel's tree.
std::string said_by(const std::string& source, const std::string& image) {
  const Folder folder;
  const Ran compiled =
      shell("gcc -static -I" + image + "/src -o " + (folder / "repro") + " " + source);
  CAPTURE(compiled.out);
  REQUIRE(compiled.code == 0);
  GuestOptions options;
  options.image = image;
  options.programs["repro"] = folder.text("repro");
  return run_guest("run /repro\n", options).results;
}

// The same of the program of a trace.
std::string said_of(const std::string& trace, const std::string& image) {
  const Folder folder;
  const std::string file = folder.file("calls.txt", trace);
  REQUIRE(run("kernel repro --out " + (folder / "repro.c") + " " + file).code == 0);
  return said_by(folder / "repro.c", image);
}

// Beside the program, not this test.
std::string image_of(const std::string& kernel) {
  return (std::filesystem::path(HMM_HMMCHECK).parent_path() / "kernel/images" / kernel).string();
}

// That of 6.12, without which nothing is run, and those of the others that there are.
std::vector<std::string> images_to_run_in() {
  if (const auto missing = missing_for_guest(image_of("6.12")); !missing.empty()) {
    std::cout << "skipped for want of " << missing << "\n";
    return {};
  }
  std::vector<std::string> found{image_of("6.12")};
  for (const std::string& kernel : {std::string("6.1"), std::string("7.3")})
    if (missing_for_guest(image_of(kernel)).empty()) found.push_back(image_of(kernel));
  return found;
}

}  // namespace

TEST_CASE("the C program of a trace does in a kernel what the trace says") {
  const auto images = images_to_run_in();
  if (images.empty()) return;
  const std::string& image = images.front();
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

// What is lost without any swap is lost in each of them, and nothing that the CPU writes is.
TEST_CASE("what a device writes to a clean page is lost by reclaim") {
  for (const auto& image : images_to_run_in()) {
    CAPTURE(image);
    const std::string said = said_by(HMM_SOURCE_DIR "/traces/defects/device_write_lost.c", image);
    CAPTURE(said);
    for (const std::string way : {"shmem that was read", "MADV_FREE"}) {
      CHECK_THAT(said, Catch::Contains(way + ", device: wrote 2, and 0 is there: lost\n"));
      CHECK_THAT(said, Catch::Contains(way + ", CPU: wrote 2, and 2 is there: kept\n"));
    }
  }
}

}  // namespace hmm
