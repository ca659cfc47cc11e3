#include "tools/verbs/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "model/defects.h"
#include "model/scopes.h"
#include "tools/runs/rules_build.h"
#include "traces/nearest.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

// What an option says of one name, it says once.
void require_once(std::vector<std::string> names, const char* option) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) reject({option}, *twice + " once", "it twice");
}

std::vector<std::string> switches_named(const std::vector<std::string>& sets) {
  std::vector<std::string> names;
  for (const auto& set : sets) names.push_back(set.substr(0, set.find('=')));
  return names;
}

}  // namespace

CLI::Validator seconds_above_zero() {
  return {[](const std::string& text) {
            char* end = nullptr;
            const double value = std::strtod(text.c_str(), &end);
            const bool fits = !text.empty() && *end == '\0' && std::isfinite(value) && value > 0;
            return fits ? std::string() : "expected a number of seconds above 0, found " + text;
          },
          ""};
}

CLI::Validator count_from(std::uint64_t least, std::uint64_t most) {
  return {
      [=](const std::string& text) {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool fits = error == std::errc{} && end == text.data() + text.size() &&
                          value >= least && value <= most;
        return fits ? std::string()
                    : fmt::format("expected a number from {} to {}, found {}", least, most, text);
      },
      ""};
}

namespace {

// One value each time: a file may follow.
void add_names(CLI::App& verb, const char* option, std::vector<std::string>& to, const char* says) {
  verb.add_option(option, to, says)->allow_extra_args(false);
}

}  // namespace

void KernelChanges::add_changes_to(CLI::App& verb) {
  add_names(verb, "--set", sets, "a switch of `list switches`: name=0 or name=1");
  add_names(verb, "--drop", drops,
            "a rule of `list steps`: its guard never refuses, its effect does not happen");
  verb.add_option("--mutate", mutation,
                  "a step that gets a field of `list fields` wrong: STEP:TABLE.FIELD+1, -1, or "
                  "~OTHER for another of the row");
  verb.add_option("--rules", rules, "the text of the rules: a build of tools/rules");
}

void ModelOptions::add_to(CLI::App& verb, const std::string& of_profile, const std::string& of_save,
                          const std::string& save_option) {
  verb.add_option("--profile", profile, of_profile);
  add_changes_to(verb);
  add_names(verb, "--property", properties,
            "only this one of `list properties`, or only `promises`");
  verb.add_option("--seconds", seconds, "stop after so long")->check(seconds_above_zero());
  verb.add_option(save_option, save, of_save);
}

Profile KernelChanges::changed(Profile k) const {
  require_once(switches_named(sets), "--set");
  require_once(drops, "--drop");
  for (const auto& s : sets) set_switch(k, s);
  if (!mutation.empty()) k.edit = parse_edit(mutation, {"--mutate"});
  if (!rules.empty()) {
    load_rules(rules, {"--rules"});
    k.rules = rules;
  }
  return without_rules(std::move(k), drops);
}

namespace {

// A trace of a scope that the edited rules are not built for is no verdict.
Profile with_scope(Profile k, const TraceFile& trace) {
  const auto built = built_scopes(k.rules);
  if (std::find(built.begin(), built.end(), trace.scope) == built.end())
    reject({trace.path},
           fmt::format("a scope that rules:{} is built for ({})", k.rules, joined(built)),
           trace.scope);
  return k;
}

}  // namespace

Profile ModelOptions::kernel_of(const TraceFile& trace) const {
  if (profile.empty()) return with_scope(changed(trace.kernel()), trace);
  load_profile(profile);
  TraceFile other = trace;
  other.profile = is_profile_path(profile) ? std::filesystem::absolute(profile).string() : profile;
  return with_scope(changed(other.kernel()), trace);
}

PropertySet ModelOptions::wanted() const {
  if (properties.empty()) return kAllProperties;
  const auto& known = all_property_names();
  std::vector<std::string> names(known.begin(), known.end());
  names.emplace_back("promises");
  PropertySet set = 0;
  for (const auto& name : properties) {
    const PropertySet one = name == "promises" ? promises() : property_named(name);
    if (one == 0)
      reject({"--property"}, "a property of `hmmcheck list properties`" + did_you_mean(name, names),
             name);
    set |= one;
  }
  return set;
}

std::string KernelChanges::changes() const {
  std::string out;
  if (!sets.empty()) out += " with " + joined(sets);
  if (!drops.empty()) out += " without " + joined(drops);
  if (!mutation.empty()) out += " mutated by " + mutation;
  if (!rules.empty()) out += " of rules:" + rules;
  return out;
}

std::string ModelOptions::said(const Profile& k) const {
  std::string out = k.name;
  if (is_profile_path(profile)) out += fmt::format(" ({})", profile);
  out += changes();
  if (!properties.empty()) out += " for " + joined(properties);
  return out;
}

Json ModelOptions::facts(const Profile& k) const {
  Json switches = Json::object();
  for (const auto& set : sets) {
    const auto [known, value] = parse_switch(set, {"--set"});
    switches[known->name] = value;
  }
  return {{"profile", k.name}, {"switches", switches},
          {"dropped", drops},  {"mutated", mutation},
          {"rules", rules},    {"properties", names_of_properties(wanted())}};
}

void RunOptions::add_to(CLI::App& verb) {
  ModelOptions::add_to(verb, "a shipped profile or a file",
                       "where a failing trace goes: a file, or a folder for one of each; `` is "
                       "nowhere; default: hmmcheck-ENGINE-SCOPE.trace, random's with its seed");
  verb.get_option("--profile")->capture_default_str();
  verb.add_option("--scope", scope, "see `list scopes`")->capture_default_str();
  verb.add_option("--threads", threads, "")->check(count_from(1, 64))->capture_default_str();
}

Profile RunOptions::kernel() const {
  const ProfileFile file = load_profile_file(profile);
  for (const auto& name : file.breaks)
    if (property_named(name) == 0)
      reject({profile}, "breaks = names of `hmmcheck list properties`", name);
  return changed(without_breaking_defects(file.profile));
}

std::vector<Override> RunOptions::overrides() const {
  const Profile base = without_breaking_defects(load_profile(profile)), k = kernel();
  std::vector<Override> all;
  for (const auto& set : sets) {
    const auto [known, value] = parse_switch(set, {"--set"});
    Override one{set, k};
    one.without.*known->at = base.*known->at;
    if (one.without != k) all.push_back(std::move(one));
  }
  for (const auto& id : drops) {
    std::vector<std::string> others = drops;
    std::erase(others, id);
    Profile without = k;
    without.drops = {};
    all.push_back({id, without_rules(std::move(without), others)});
  }
  if (!mutation.empty()) {
    Override one{mutation, k};
    one.without.edit = {};
    all.push_back(std::move(one));
  }
  return all;
}

namespace {

// Where the override changes a verdict or an effect within the first states, for people.
std::string scopes_that_decide(const Override& one, const Profile& k, const std::string& but,
                               const Stop& stop) {
  const Switch* s = switch_named(std::string_view(one.name).substr(0, one.name.find('=')));
  if (s != nullptr && s->group == SwitchGroup::policy) return "`hmmcheck liveness` asks for it";
  std::vector<std::string> scopes;
  for (const auto& scope : built_scopes(k.rules)) {
    if (scope == but || !is_built(scope, Engine::explore, k.rules)) continue;
    ExploreOptions options;
    options.properties = 0;
    options.max_states = 200'000;
    options.overrides = {one};
    options.stop = stop.token();
    if (explore(scope, k, options).undecided.empty()) scopes.push_back(scope);
  }
  if (stop.is_asked()) return fmt::format("nobody looked elsewhere ({})", stop.reason());
  return scopes.empty() ? "nor early at any scope that is explored"
                        : "it does at " + joined(scopes);
}

}  // namespace

void RunOptions::say_undecided(const Report& report, const std::vector<std::string>& undecided,
                               const std::string& looked_at, const Stop& stop) const {
  if (undecided.empty()) return;
  const Profile k = kernel();
  for (const auto& one : overrides()) {
    if (std::find(undecided.begin(), undecided.end(), one.name) == undecided.end()) continue;
    report.say(fmt::format("{}: changed no verdict and no effect in {}; {}", one.name, looked_at,
                           scopes_that_decide(one, k, scope, stop)));
  }
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

void require_scope(const std::string& name, const char* option) {
  if (scope_named(name) == nullptr) {
    std::vector<std::string> names;
    for (const auto& s : kScopes) names.emplace_back(s.name);
    reject({option}, "one of " + joined(names) + did_you_mean(name, names), name);
  }
  const auto built = built_scopes();
  if (std::find(built.begin(), built.end(), name) == built.end())
    reject({option}, fmt::format("a scope that this build has ({})", joined(built)), name);
}

void RunOptions::require(Engine engine) const {
  if (!rules.empty()) load_rules(rules, {"--rules"});
  require_scope(scope, engine, rules);
}

void require_scope(const std::string& name, Engine engine, const std::string& rules,
                   const char* option) {
  require_scope(name, option);
  if (is_built(name, engine, rules)) return;
  std::vector<std::string> fit;
  for (const auto& scope : built_scopes(rules))
    if (is_built(scope, engine, rules)) fit.push_back(scope);
  if (!rules.empty())
    reject({option}, fmt::format("a scope that rules:{} is built for ({})", rules, joined(fit)),
           name);
  const char* const what = engine == Engine::explore ? "a scope small enough to explore"
                           : engine == Engine::walk  ? "a scope that walks are built for"
                                                     : "a scope that proofs are built for";
  reject({option}, fmt::format("{}: {}", what, joined(fit)), name);
}

}  // namespace hmm
