#pragma once
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "tools/runs/rules_build.h"
#include "tools/verbs/common.h"
#include "traces/profile_file.h"

// What `hmmcheck diff` is asked.
namespace hmm {

// What names a build of tools/rules in the place of a profile.
inline constexpr std::string_view kRulesPrefix = "rules:";

// What is changed is the other side.
struct DiffArguments : KernelChanges {
  std::string a, b;
  std::optional<std::string> prove;
  std::vector<std::string> scopes, recordings;
  std::optional<double> seconds;
  std::string until;   // `observed`, or empty
  std::string report;  // a file for the whole answer, or empty
  unsigned threads = 2;
  bool all = false, defects = false, ends = false;

  // What repeats it, in as many words as a shell needs.
  std::string command() const {
    std::string out = "hmmcheck diff " + a + (b.empty() ? "" : " " + b);
    const auto add = [&](const char* option, const std::string& value) {
      if (!value.empty()) out += fmt::format(" {} {}", option, value);
    };
    out += options_of_changes();
    for (const auto& scope : scopes) add("--scope", scope);
    for (const auto& file : recordings) add("--recording", file);
    add("--until", until);
    if (defects) out += " --defects";
    if (ends) out += " --ends";
    if (prove) out += " --prove " + (prove->empty() ? "''" : *prove);
    return out;
  }
  // The second kernel, as options of another verb.
  std::string options_of_b() const {
    const bool is_rules = other().starts_with(kRulesPrefix);
    if (!is_rules) return "--profile " + other() + options_of_changes();
    return fmt::format("--profile {} --rules {}{}", a.starts_with(kRulesPrefix) ? "6.12" : a,
                       other().substr(kRulesPrefix.size()), options_of_changes());
  }
  // A profile of its own, or the first one's.
  const std::string& other() const { return b.empty() ? a : b; }
  Profile kernel_a() const { return side(a, "A"); }
  Profile kernel_b() const { return changed(side(other(), b.empty() ? "A" : "B")); }

 private:
  // ` --set owner_filter=0 --drop zap_pte_range.put_page`.
  std::string options_of_changes() const {
    std::string out;
    for (const auto& set : sets) out += " --set " + set;
    for (const auto& drop : drops) out += " --drop " + drop;
    if (!mutation.empty()) out += " --mutate " + mutation;
    if (!rules.empty()) out += " --rules " + rules;
    return out;
  }
  // A rules build is of the other side's profile.
  Profile side(const std::string& name, const char* option) const {
    if (!name.starts_with(kRulesPrefix)) return load_profile(name, {option});
    const std::string build = name.substr(kRulesPrefix.size());
    load_rules(build, {option});
    const std::string& beside = &name == &a ? other() : a;
    Profile k = load_profile(beside.starts_with(kRulesPrefix) ? "6.12" : beside);
    k.rules = build;
    return k;
  }
};

}  // namespace hmm
