#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "model/defects.h"
#include "model/domain/enumerators.h"
#include "model/rules.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "model/step_sentences.h"
#include "properties/engines/explored.h"
#include "tools/runs/live_rows.h"
#include "tools/runs/output.h"
#include "tools/verbs/common.h"
#include "tools/verbs/list_sources.h"
#include "tools/verbs/verbs.h"
#include "traces/call_text.h"
#include "traces/field_infos.h"
#include "traces/nearest.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

struct Options {
  std::string what;
  bool json = false;
};

void row(const Options& o, const char* kind, const Json& json, const std::string& text) {
  if (o.json) {
    Json line{{"kind", kind}};
    line.update(json);
    print(line.dump() + "\n");
  } else {
    print(text + "\n");
  }
}

// A heading is only for people.
void head(const Options& o, const std::string& text) {
  if (!o.json) print(text + "\n");
}

// The rules of one step or function.
void list_rules(const Options& o, std::string_view of) {
  for (const auto& r : rules()) {
    if (r.id.of != of) continue;
    const std::string id = print_rule(r.id);
    const std::string_view kind = enumerator_name(r.kind), says = sentence_of(r);
    Json json{{"id", id}, {"rule", kind}, {"says", says}};
    const bool guard = r.kind == RuleKind::guard;
    if (guard) json["verdict"] = name_of(r.verdict);
    row(o, "rule", json,
        fmt::format("  {:<46} {:<6} {}{}", id, kind,
                    guard ? fmt::format("-> {}: ", name_of(r.verdict)) : "", says));
  }
}

// Each step with its rules, and then the rules that steps share.
void list_steps(const Options& o) {
  std::vector<std::string_view> listed;
  for (const StepInfo& step : step_infos()) {
    std::vector<std::string> fields, verdicts;
    for (const StepField& f : step.fields) fields.emplace_back(f.name);
    for (const Verdict v : step.verdicts) verdicts.emplace_back(name_of(v));
    const std::string_view says = sentence_of_step(step.name);
    row(o, "step",
        {{"name", step.name}, {"says", says}, {"fields", fields}, {"verdicts", verdicts}},
        fmt::format("{:<34} {}  -> {}\n  {}", step.name, joined(fields), joined(verdicts), says));
    list_rules(o, step.name);
    listed.push_back(step.name);
  }
  for (const auto& r : rules()) {
    if (std::find(listed.begin(), listed.end(), r.id.of) != listed.end()) continue;
    listed.push_back(r.id.of);
    row(o, "function", {{"name", r.id.of}}, fmt::format("{}, of several steps", r.id.of));
    list_rules(o, r.id.of);
  }
}

void list_calls(const Options& o) {
  for_each_call([&](const auto& call) {
    const std::string usage = usage_of(call);
    row(o, "call", {{"name", call.row.name}, {"usage", usage}, {"says", call.row.says}},
        fmt::format("{:<32} {}", usage, call.row.says));
  });
}

void list_properties(const Options& o) {
  for (const auto& p : property_infos())
    row(o, "property", {{"name", p.name}, {"says", p.says}, {"strengthening", p.is_strengthening}},
        fmt::format("{:<30} {}{}", p.name, p.says, p.is_strengthening ? " (strengthening)" : ""));
}

void list_profiles(const Options& o) {
  for (const auto& name : profile_names()) {
    const ProfileFile file = load_profile_file(name);
    const std::string known =
        file.breaks.empty() ? "" : " (known to break " + joined(file.breaks) + ")";
    row(o, "profile", {{"name", name}, {"says", file.says}, {"breaks", file.breaks}},
        fmt::format("{:<8} {}{}", name, file.says, known));
  }
}

const char* name_of(SwitchGroup group) {
  switch (group) {
    case SwitchGroup::kernel:
      return "kernel";
    case SwitchGroup::defect:
      return "defect";
    case SwitchGroup::policy:
      return "policy";
    case SwitchGroup::rule:
      break;
  }
  return "rule";
}

void list_defects(const Options& o) {
  for (const auto& d : kDefects) {
    const Switch* s = switch_named(d.name);
    std::vector<std::string> in;
    for (const auto& name : profile_names())
      if (load_profile(name).*s->at) in.push_back(name);
    std::vector<std::string> breaks;
    for (const char* property : d.breaks)
      if (property != nullptr) breaks.emplace_back(property);
    const std::string breaking = breaks.empty() ? "" : "; breaks " + joined(breaks);
    row(o, "defect",
        {{"name", d.name},
         {"promises", d.promises},
         {"does", s->says},
         {"source", s->source},
         {"profiles", in},
         {"breaks", breaks},
         {"trace", std::string("traces/defects/") + d.trace}},
        fmt::format("{}: promised: {}; done: {} ({}); in {}{}; `hmmcheck {} --profile {} "
                    "traces/defects/{}`",
                    d.name, d.promises, s->says, s->source, joined(in), breaking,
                    std::string_view(d.trace).ends_with(".trace") ? "replay" : "conform",
                    in.empty() ? "6.12" : in.front(), d.trace));
  }
}

// What is claimed to end, and what is known not to.
void list_liveness(const Options& o) {
  for (unsigned c = 0; c < kEnumerators<LiveClaim>; ++c) {
    const auto claim = static_cast<LiveClaim>(c);
    row(o, "claim", {{"name", name_of(claim)}, {"says", sentence_of(claim)}},
        fmt::format("{:<24} {}", name_of(claim), sentence_of(claim)));
  }
  for (const auto& hang : kHangs) {
    std::vector<std::string> in;
    for (const auto& name : profile_names())
      if (hangs(load_profile(name), hang)) in.push_back(name);
    row(o, "hang",
        {{"name", hang.name},
         {"says", hang.says},
         {"claim", hang.claim},
         {"scope", hang.scope},
         {"mended_by", hang.mended_by},
         {"source", hang.cites},
         {"profiles", in}},
        fmt::format("{}: {}; breaks {} at {}; in {}; mended by {}, --set {}={:d}", hang.name,
                    hang.says, hang.claim, hang.scope, joined(in), hang.cites, hang.mended_by,
                    hang.mended_to));
  }
}

// What a group is, for people.
const char* says_of(SwitchGroup group) {
  switch (group) {
    case SwitchGroup::kernel:
      return "kernel: differences between kernels";
    case SwitchGroup::defect:
      return "defect: what a kernel or its test driver does and promises not to";
    case SwitchGroup::policy:
      return "policy: what drivers and holders are taken to do, where it is asked what ends";
    case SwitchGroup::rule:
      break;
  }
  return "rule: what a kernel or driver must keep; off is a bug put in on purpose";
}

void list_switches(const Options& o) {
  const auto names = profile_names();
  std::vector<Profile> profiles;
  for (const auto& name : names) profiles.push_back(load_profile(name));
  for (const SwitchGroup group :
       {SwitchGroup::kernel, SwitchGroup::rule, SwitchGroup::policy, SwitchGroup::defect}) {
    head(o, fmt::format("{}\n{:<32} {}  on means", says_of(group), "", fmt::join(names, " ")));
    for (const auto& s : kSwitches) {
      if (s.group != group) continue;
      Json in = Json::object();
      std::string values;
      for (std::size_t i = 0; i < names.size(); ++i) {
        in[names[i]] = profiles[i].*s.at;
        values += fmt::format("{:>{}d} ", profiles[i].*s.at, names[i].size());
      }
      row(o, "switch",
          {{"name", s.name},
           {"group", name_of(s.group)},
           {"says", s.says},
           {"source", s.source},
           {"profiles", in}},
          fmt::format("{:<32} {} {} ({})", s.name, values, s.says, s.source));
    }
  }
}

constexpr const char* kScopeColumns =
    "{:<8} {:>9} {:>5} {:>7} {:>6} {:>12} {:>9} {:>9}  {:<32}  {:<32}  {}";

// The engines of a scope, those that fit.
template <class Fits>
std::string engines_of(const NamedScope& s, Fits fits) {
  std::vector<std::string> names;
  if (fits(s.explore)) names.emplace_back("explore");
  if (fits(s.walk)) names.emplace_back("random");
  if (fits(s.prove)) names.emplace_back("prove");
  if (fits(s.live)) names.emplace_back("liveness");
  return joined(names);
}

Json json_of(const NamedScope& s) {
  const Scope& has = s.scope;
  Json line{{"name", s.name},
            {"says", s.says},
            {"processes", has.mms},
            {"mirrored_processes", has.mirrored_mms},
            {"pages", has.vpns},
            {"system_frames", has.system_pages},
            {"devices", has.devices},
            {"coherent_devices", has.coherent_devices},
            {"frames_of_each_device", has.device_pages},
            {"explore", enumerator_name(s.explore)},
            {"random", enumerator_name(s.walk)},
            {"prove", enumerator_name(s.prove)},
            {"liveness", enumerator_name(s.live)},
            {"states", nullptr}};
  if (const ExploredCounts* e = explored_at(s.name))
    line.update({{"states", e->states},
                 {"edges", e->edges},
                 {"depth", e->depth},
                 {"megabytes", e->megabytes},
                 {"seconds", e->milliseconds / 1000.0}});
  return line;
}

void list_scopes(const Options& o) {
  head(o, fmt::format(kScopeColumns, "scope", "processes", "pages", "devices", "frames", "states",
                      "memory", "seconds", "check runs", "also built", "says"));
  for (const auto& s : kScopes) {
    const ExploredCounts* e = explored_at(s.name);
    const Scope& has = s.scope;
    row(o, "scope", json_of(s),
        fmt::format(kScopeColumns, s.name, has.mms, has.vpns, has.devices,
                    fmt::format("{}+{}", has.system_pages, has.devices * has.device_pages),
                    e == nullptr ? "too many" : grouped(e->states),
                    e == nullptr ? "" : fmt::format("{} MB", e->megabytes),
                    e == nullptr ? "" : fmt::format("{:.1f}", e->milliseconds / 1000.0),
                    engines_of(s, [](Use use) { return use >= Use::checked; }),
                    engines_of(s, [](Use use) { return use == Use::built; }), s.says));
  }
}

// The state's tables, with what --mutate may do to each field.
void list_fields(const Options& o) {
  for (const FieldInfo& field : field_infos()) {
    std::vector<std::string> like;
    for (const FieldInfo& other : field_infos())
      if (&other != &field && field.is_like(other)) like.emplace_back(other.name);
    const std::string name = fmt::format("{}.{}", field.table, field.name);
    row(o, "field", {{"name", name}, {"counts", field.is_count()}, {"like", like}},
        fmt::format("{:<28} {}{}", name, field.is_count() ? "counts; " : "",
                    like.empty() ? "" : "like " + joined(like)));
  }
}

int run(const Options& o) {
  const std::array<std::pair<const char*, void (*)(const Options&)>, 10> lists{
      {{"steps", list_steps},
       {"calls", list_calls},
       {"properties", list_properties},
       {"profiles", list_profiles},
       {"switches", list_switches},
       {"defects", list_defects},
       {"liveness", list_liveness},
       {"scopes", list_scopes},
       {"fields", list_fields},
       {"sources", [](const Options& options) { list_sources(options.json); }}}};
  bool known = o.what.empty();
  for (const auto& [name, list] : lists) {
    if (!o.what.empty() && o.what != name) continue;
    known = true;
    if (o.what.empty()) head(o, fmt::format("{}:", name));
    list(o);
  }
  std::vector<std::string> names;
  for (const auto& [name, list] : lists) names.emplace_back(name);
  if (!known)
    reject({"list"},
           "steps, calls, properties, profiles, switches, defects, liveness, scopes, fields or "
           "sources" +
               did_you_mean(o.what, names),
           o.what);
  return kHolds;
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "list",
      "Steps, calls, properties, profiles, switches, defects, liveness, scopes, fields, sources");
  verb->add_option("WHAT", o->what, "one of them; default: all");
  verb->add_flag("--json", o->json, "print JSON, one object a line");
  verb->callback([o, &exit_code] { exit_code = run(*o); });
}

}  // namespace hmm
