#pragma once
#include <string>
#include <vector>

#include "tools/runs/kernel_diff.h"
#include "tools/runs/report.h"
#include "tools/runs/stop.h"
#include "traces/patch_file.h"

// Patches of the kernel's history, each put through a comparison of the kernels before and after.
namespace hmm {

// Those below the folder, or of them only those of these names. Throws InputError.
std::vector<PatchFile> load_patches_named(const std::string& folder,
                                          const std::vector<std::string>& ids);

// Holds if the comparison says what the patch file keeps. Skipped for a patch whose edited rules
// are not built.
ReportRow judge_patch(const PatchFile& patch, unsigned threads, const Stop& stop);

// `build/rules` has them under this name, once tools/rules has built them.
std::string rules_of(const PatchFile& patch);

}  // namespace hmm
