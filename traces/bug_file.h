#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traces/profile_file.h"

// A bug that Linux had, put back into the model: a TOML file, bug.toml in a folder of its name,
// beside the shortest run that shows it, bug.trace.
//
//   id = "FLT-01"
//   title = "page-freed-before-callback"
//   says = "..."                         # what went wrong, and in which function
//   cites = ["16ce101db85d (6.1)"]       # what mended it: a commit, or a title in quotes
//   kind = "refcount"                    # of kBugKinds
//   profile = "6.12"                     # the kernel that it is put into
//   set = ["fault_takes_page_ref=0"]     # switches, and rules to go without: what the bug is
//   drop = []
//   mutate = "STEP:TABLE.FIELD+1"        # or a field that a step gets wrong, as --mutate takes it
//   rules = "rules.diff"                 # or a diff of the rules beside it, for tools/rules
//   scope = "tiny"                       # where it shows
//   promise = "free_exactly_once"        # what it breaks there, or a claim of liveness
//   steps = 14                           # of the shortest run, with its cycle if it has one
//   recordings = "none differs"          # what `conform` says of it and of the recorded kernel
namespace hmm {

inline constexpr std::string_view kBugKinds[] = {"refcount", "rights", "dirty", "notifier",
                                                 "ordering", "error",  "lock",  "hang"};

struct BugFile {
  std::string path;  // of the TOML file
  std::string id, title, says, kind, profile, scope, promise, recordings;
  std::vector<std::string> cites, sets, drops;
  std::string mutate;
  std::string rules;  // the path of a diff of the rules, or empty
  unsigned steps = 0;
  Profile buggy, fixed;  // without the defects that break promises, but for the bug itself

  std::string folder() const;
  // `build/rules` has the edited rules under this name, once tools/rules has built them.
  std::string rules_name() const;
};

// Throws InputError for whatever is not such a text. `promises` are the names that a bug may break.
BugFile parse_bug(std::string_view text, const std::string& path,
                  std::span<const std::string_view> promises);

// All below the folder, by name. No two have one name or are one mutation.
std::vector<BugFile> load_bugs(const std::string& folder,
                               std::span<const std::string_view> promises);

// A bug of which nothing is kept, and what the model would need for it.
struct MissingBug {
  std::string id, about, wants;
};
// A table for each thing that bugs may be about, `id = "what is missing"`, in the order of the
// file.
std::vector<MissingBug> parse_missing(std::string_view text, const std::string& path);

}  // namespace hmm
