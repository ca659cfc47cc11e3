// Edits of a kernel, where its source has been unpacked.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kMutate = HMM_SOURCE_DIR "/tools/kernel/mutate --check ";

}  // namespace

TEST_CASE("each mutant changes one line of the function that it names, or is refused") {
  if (!std::filesystem::exists(HMM_SOURCE_DIR "/build/kernel/full/6.12")) {
    std::cout << "skipped for want of a kernel's source: tools/kernel/source 6.12\n";
    return;
  }
  const Ran all = shell(kMutate);
  CAPTURE(all.out);
  CHECK(all.code == 0);
  CHECK_THAT(all.out, Catch::EndsWith(" mutants, each of one line\n"));
  const Folder folder;
  const auto refused = [&](const std::string& list, const std::string& message) {
    const Ran ran = shell(kMutate + "--list " + folder.file("list", list));
    CAPTURE(list, ran.out);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.out, Catch::Contains(message));
  };
  const std::string in_fault = "mm/hmm.c hmm_vma_fault\n";
  // In no line, in two, and in one of another function.
  for (const char* edit : {"s@no such word@@", "s@return@return 0;@", "s@-EINVAL@0@"})
    refused(in_fault + "  a " + edit + "\n",
            std::string("list:2: expected an edit of one line of hmm_vma_fault(), found ") + edit);
  refused("  a s@x@y@\n", "list:1: expected a file of the source before it, found");
  refused("mm/none.c f\n  a s@x@y@\n", "list:2: expected a file of the source before it");
  CHECK(shell(kMutate + "no_such_mutant").code == 2);
  CHECK(shell(kMutate + "--tea").code == 2);
}

}  // namespace hmm
