#include <fmt/format.h>

#include <memory>

#include "model/domain/enumerators.h"
#include "model/rules.h"
#include "tools/verbs/failure.h"
#include "tools/verbs/replay.h"

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
    fmt::print("{}\n", line.dump());
  } else {
    fmt::print("{}\n", text);
  }
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
  const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using Own = std::variant_alternative_t<I, Step<Concrete<Scope{}>>>;
    std::vector<std::string> fields, verdicts;
    for_each_field<Own>([&](const auto& f) { fields.emplace_back(f.name); });
    for (const Verdict v : Own::verdicts) verdicts.emplace_back(name_of(v));
    row(o, "step", {{"name", Own::name}, {"fields", fields}, {"verdicts", verdicts}},
        fmt::format("{:<34} {}  -> {}", Own::name, joined(fields), joined(verdicts)));
    list_rules(o, Own::name);
    listed.emplace_back(Own::name);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::make_index_sequence<kSteps>{});
  for (const auto& r : rules()) {
    if (std::find(listed.begin(), listed.end(), r.id.of) != listed.end()) continue;
    listed.push_back(r.id.of);
    row(o, "function", {{"name", r.id.of}}, fmt::format("{}, of several steps", r.id.of));
    list_rules(o, r.id.of);
  }
}

void list_properties(const Options& o) {
  for (const auto& p : kPropertyInfos)
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
        fmt::format("{}: promised: {}; done: {} ({}); in {}{}; traces/defects/{}", d.name,
                    d.promises, s->says, s->source, joined(in), breaking, d.trace));
  }
}

void list_switches(const Options& o) {
  for (const auto& s : kSwitches)
    row(o, "switch",
        {{"name", s.name}, {"group", name_of(s.group)}, {"says", s.says}, {"source", s.source}},
        fmt::format("{:<32} {} ({})", s.name, s.says, s.source));
}

void list_scopes(const Options& o) {
  for (const auto& s : kScopes)
    row(o, "scope", {{"name", s.name}, {"says", s.says}}, fmt::format("{:<8} {}", s.name, s.says));
}

int run(const Options& o) {
  const std::array<std::pair<const char*, void (*)(const Options&)>, 6> lists{
      {{"steps", list_steps},
       {"properties", list_properties},
       {"profiles", list_profiles},
       {"switches", list_switches},
       {"defects", list_defects},
       {"scopes", list_scopes}}};
  bool known = o.what.empty();
  for (const auto& [name, list] : lists) {
    if (!o.what.empty() && o.what != name) continue;
    known = true;
    if (o.what.empty() && !o.json) fmt::print("{}:\n", name);
    list(o);
  }
  if (!known) reject({"list"}, "steps, properties, profiles, switches, defects or scopes", o.what);
  return kHolds;
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("list", "Steps, properties, profiles, switches, defects, scopes");
  verb->add_option("WHAT", o->what, "one of them; default: all");
  verb->add_flag("--json", o->json, "print JSON, one object a line");
  verb->callback([o, &exit_code] { exit_code = run(*o); });
}

}  // namespace hmm
