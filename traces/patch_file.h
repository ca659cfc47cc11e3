#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traces/profile_file.h"

// A patch of the kernel's history: a TOML file, patch.toml in a folder of its name, with what
// `hmmcheck diff` says of the kernels before and after it.
//
//   id = "page-ref-over-callback"
//   title = "mm/memory.c: fix race when faulting a device private page"
//   cites = ["16ce101db85d (6.1)"]      # the commit, or a title in quotes
//   says = "..."                        # what it changes, in words of the rules
//   before = "6.12"                     # the kernel that it is put to, a profile, and
//   before_set = []                     # switches that it has otherwise, rules that it goes
//   before_drop = []                    # without, and a field that a step gets wrong
//   before_mutate = "STEP:TABLE.FIELD+1"
//   after = "6.12"                      # the kernel with the patch, in the same words
//   after_rules = "rules.diff"          # or a diff of the rules, for what no word can say
//   defects = "kept"                    # those that both have, else they are left out
//   scopes = ["tiny"]                   # that are explored
//   differ = ["do_swap_page: ..."]      # the ways in which steps go otherwise
//   proved_only = []                    # steps that differ by proof alone; the rest are the same
//   broken = []                         # promises that only the kernel after it breaks
//   mended = ["free_exactly_once"]      # and only the one before
//   may_break = ["STEP: promise"]       # by proof, where no search comes by
//   misleads = "..."                    # how that would mislead a reviewer, and what to ask then
namespace hmm {

struct PatchFile {
  std::string path;  // of the TOML file
  std::string id, title, says, misleads;
  std::string rules;  // the path of a diff of the rules, or empty
  std::vector<std::string> cites, scopes, differ, proved_only, broken, mended, may_break;
  bool keeps_defects = false;
  Profile before, after;
};

// Throws InputError for whatever is not such a text. `promises` are the names that a patch may
// break or mend.
PatchFile parse_patch(std::string_view text, const std::string& path,
                      std::span<const std::string_view> promises);

// All below the folder, by name. Throws InputError.
std::vector<PatchFile> load_patches(const std::string& folder,
                                    std::span<const std::string_view> promises);

}  // namespace hmm
