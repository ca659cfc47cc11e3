#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/defects.h"
#include "traces/input.h"

// Profiles as text: TOML files that name each switch of model/profile.h.
//
//   name = "6.12"          # what it is called
//   base = "6.1"           # optional: a shipped profile or a file, for what is not said here
//   says = "..."           # optional: a sentence
//   swap_kernel = "6.12"   # optional: whose swap entries it has, else the base's
//   breaks = ["..."]       # optional: the properties that this kernel is known to break
//   drop = ["zap_pte_range.put_page"]  # optional: rules that it goes without, beside the base's
//   [switches]
//   owner_filter = true
namespace hmm {

struct ProfileFile {
  Profile profile;
  std::string base, says, swap_kernel;  // empty where nothing is said
  std::vector<std::string> breaks;      // names of properties
};

// The names of the shipped profiles.
std::vector<std::string> profile_names();

// A shipped profile by name, or a file: a name that has a `/` or ends in `.toml`. `at` is who
// asks, for the message if there is no such profile.
ProfileFile load_profile_file(const std::string& name_or_path, const Origin& at = {"--profile"});
Profile load_profile(const std::string& name_or_path, const Origin& at = {"--profile"});

// A profile from its text; a base that is a file is looked for beside `source`.
ProfileFile parse_profile(std::string_view text, const std::string& source);

// A name that means a file: as it is if absolute, else beside the file `from` that says it.
bool is_profile_path(std::string_view name);
std::string beside(const std::string& from, const std::string& path);

// `name=value`, value one of 0, 1, false, true.
std::pair<const Switch*, bool> parse_switch(std::string_view text, const Origin& at);
void set_switch(Profile& profile, std::string_view text, const Origin& at = {"--set"});

}  // namespace hmm
