#include "tools/verbs/common.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "model/scopes.h"
#include "tools/runs/files.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {

CLI::App* add_verdicts(CLI::App& app, int& exit_code, const std::string& name,
                       const std::string& says, std::function<void(Report&)> run) {
  struct Forms {
    bool json = false, ktap = false;
    std::string junit;
  };
  const auto forms = std::make_shared<Forms>();
  CLI::App* const verb = app.add_subcommand(name, says);
  CLI::Option* const json = verb->add_flag("--json", forms->json, "print JSON, one object a line");
  verb->add_flag("--ktap", forms->ktap, "print verdicts as KTAP")->excludes(json);
  verb->add_option("--junit", forms->junit, "write verdicts to a JUnit file");
  verb->callback([forms, &exit_code, name, run = std::move(run)] {
    require_writable(forms->junit);
    Report report("hmmcheck " + name, {forms->json   ? Form::json
                                       : forms->ktap ? Form::ktap
                                                     : Form::text,
                                       forms->junit});
    run(report);
    exit_code = report.finish();
  });
  return verb;
}

const CLI::Validator kCount(
    [](const std::string& text) {
      const bool digits = std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
      return digits ? std::string() : "expected a number, found " + text;
    },
    "");

void require_scope(const std::string& name) {
  if (scope_named(name) == nullptr) {
    std::vector<std::string> names;
    for (const auto& s : kScopes) names.emplace_back(s.name);
    reject({"--scope"}, "one of " + joined(names), name);
  }
  const auto built = built_scopes();
  if (std::find(built.begin(), built.end(), name) == built.end())
    reject({"--scope"}, fmt::format("a scope that this build has ({})", joined(built)), name);
}

void require_scope(const std::string& name, Engine engine) {
  require_scope(name);
  if (is_built(name, engine)) return;
  std::vector<std::string> fit;
  for (const auto& scope : built_scopes())
    if (is_built(scope, engine)) fit.push_back(scope);
  const char* const what = engine == Engine::explore ? "a scope small enough to explore"
                           : engine == Engine::walk  ? "a scope that walks are built for"
                                                     : "a scope that proofs are built for";
  reject({"--scope"}, fmt::format("{}: {}", what, joined(fit)), name);
}

void add_drop(CLI::App& verb, std::vector<std::string>& drops) {
  verb.add_option("--drop", drops,
                  "a rule of `list steps`: its guard never refuses, its effect does not happen")
      ->allow_extra_args(false);  // a file may follow
}

void RunOptions::add_to(CLI::App& verb) {
  verb.add_option("--profile", profile, "a shipped profile or a file")->capture_default_str();
  verb.add_option("--set", sets, "a switch of the profile: name=0 or name=1");
  add_drop(verb, drops);
  verb.add_option("--scope", scope, "see `list scopes`")->capture_default_str();
  verb.add_option("--property", properties, "only these; default: all");
  verb.add_option("--threads", threads, "")->check(CLI::Range(1, 64))->capture_default_str();
  verb.add_option("--save", save, "where a failing trace goes")->capture_default_str();
}

void RunOptions::validate() const {
  wanted();
  require_writable(save);
}

Profile RunOptions::kernel() const {
  Profile k = without_breaking_defects(load_profile(profile));
  for (const auto& s : sets) set_switch(k, s);
  return without_rules(std::move(k), drops);
}

std::vector<std::string> RunOptions::defects_left_out() const {
  const Profile named = load_profile(profile), sound = without_breaking_defects(named);
  const Profile k = kernel();
  std::vector<std::string> out;
  for (const auto& defect : kDefects) {
    const auto at = switch_named(defect.name)->at;
    if (!(named.*at) || sound.*at || k.*at) continue;
    if (includes(scope_named(scope)->scope, scope_named(defect.scope)->scope))
      out.emplace_back(defect.name);
  }
  return out;
}

void RunOptions::say_left_out(const Report& report) const {
  for (const auto& name : defects_left_out())
    report.say(fmt::format("known defect {}, left out: see `hmmcheck list defects`, --set {}=1",
                           name, name));
}

PropertySet RunOptions::wanted() const {
  if (properties.empty()) return kAllProperties;
  PropertySet set = 0;
  for (const auto& name : properties) {
    const PropertySet one = property_named(name);
    if (one == 0) reject({"--property"}, "a property of `hmmcheck list properties`", name);
    set |= one;
  }
  return set;
}

std::string failure_text(const RunOptions& o, const ReportRow& row) {
  std::string broken;
  for (const auto& claim : row.broken) broken += "broken: " + claim + "\n";
  return fmt::format("{}\n{}{}{}", row.detail, broken, row.trace,
                     o.save.empty() ? "" : fmt::format("saved: {}\n", o.save));
}

}  // namespace hmm
