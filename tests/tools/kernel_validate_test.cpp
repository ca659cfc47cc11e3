// Patches of a real kernel, where one has been built with a patch before.
#include <iostream>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kSource = HMM_SOURCE_DIR "/build/kernel/full/6.12/";

// Of the kernel's source, by what `sed -E` makes of one file; the kernel's lines are not kept here.
std::string patch_of(const Folder& folder, const std::string& name, const std::string& file,
                     const std::string& edit) {
  const std::string patch = folder / (name + ".patch");
  const Ran made = shell("sed -E '" + edit + "' " + kSource + file + " > " + (folder / "edited") +
                         " && diff -u --label a/" + file + " --label b/" + file + " " + kSource +
                         file + " " + (folder / "edited") + " > " + patch + "; test $? -eq 1");
  CAPTURE(name, made.out);
  REQUIRE(made.code == 0);
  return patch;
}

void validate(const std::string& patch, const std::string& options, int code,
              const std::string& says) {
  const Ran ran = run("kernel validate --kernel 6.12 --traces 100 --patch " + patch + options);
  CAPTURE(ran.out);
  CHECK(ran.code == code);
  CHECK_THAT(ran.out, Catch::Contains("validate: " + says + ": 100 of 100 traces"));
}

}  // namespace

TEST_CASE("a patch does what its rules say, what they do not, or nothing") {
  if (!std::filesystem::exists(HMM_SOURCE_DIR "/build/kernel/images/6.12-patched/bzImage")) {
    std::cout << "skipped for want of a patched kernel: hmmcheck kernel validate --kernel 6.12\n";
    return;
  }
  const Folder folder;
  // What a device has behind a readable entry comes home if it is to be written.
  const std::string mends = patch_of(
      folder, "mends", "mm/hmm.c",
      "/cpu_flags \\|= HMM_PFN_WRITE;/{n;s@^@required_fault = hmm_pte_need_fault(hmm_vma_walk, "
      "pfn_req_flags, cpu_flags); if (required_fault) goto fault;\\n@}");
  validate(mends, " --set range_fault_ignores_write=0", 0,
           "the patch does what its rules say, and nothing else");
  const std::string breaks =
      patch_of(folder, "breaks", "mm/memory.c",
               "s@(if \\()(is_writable_device_private_entry\\(entry\\) &&)$@\\10 \\&\\& \\2@");
  validate(breaks, "", 1, "the patch does what its rules do not say");
  const std::string same =
      patch_of(folder, "same", "mm/hmm.c",
               "s@^(\\t\\t)(swp_entry_t entry = pte_to_swp_entry\\(pte\\);)@\\1const \\2@");
  validate(same, "", 0, "nothing that was seen changes, as the rules say");
}

}  // namespace hmm
