#include "tools/runs/where.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "model/domain/enumerators.h"
#include "model/profile.h"
#include "model/rules.h"
#include "model/step_sentences.h"
#include "tools/runs/output.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/nearest.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

struct Options {
  std::string function;
  bool json = false;
};

std::string titled(const std::string& title, const std::string& lines) {
  return lines.empty() ? "" : title + ":\n" + lines;
}

// The guards and effects of a step that are the function's, or those of the function that several
// steps share.
std::vector<const Rule*> rules_at(std::string_view of, const std::set<std::string>& words) {
  std::vector<const Rule*> found;
  for (const Rule& r : rules())
    if (r.id.of == of && (words.empty() || words.count(std::string(r.id.word)) != 0))
      found.push_back(&r);
  return found;
}

std::string rule_lines(const std::vector<const Rule*>& rules) {
  std::string out;
  for (const Rule* r : rules)
    out +=
        fmt::format("    {:<44} {:<6} {}{}\n", print_rule(r->id), enumerator_name(r->kind),
                    r->kind == RuleKind::guard ? fmt::format("-> {}: ", name_of(r->verdict)) : "",
                    sentence_of(*r));
  return out;
}

std::string step_lines(const Where& w) {
  std::string out;
  for (const auto& [step, words] : w.steps)
    out += fmt::format("  {}: {}\n{}", step, sentence_of_step(step),
                       rule_lines(rules_at(step, words)));
  if (w.steps.count(w.function) == 0)
    if (const auto shared = rules_at(w.function, {}); !shared.empty())
      out += fmt::format("  {}, of several steps\n{}", w.function, rule_lines(shared));
  return out;
}

std::string switch_lines(const Where& w) {
  std::string out;
  for (const Switch& s : kSwitches)
    if (w.switches.count(s.name) != 0) out += fmt::format("  {}: {}\n", s.name, s.says);
  return out;
}

std::string promise_lines(const Where& w) {
  std::string out;
  for (const auto& promise : w.promises) out += fmt::format("  {}: cites it\n", promise);
  for (const auto& [promise, bugs] : w.broken)
    out += fmt::format("  {}: broken by {}\n", promise, fmt::join(bugs, ", "));
  return out;
}

std::string history_lines(const std::set<std::string>& ids, CitedBy by) {
  std::string out;
  for (const KeptHistory& kept : kept_history())
    if (kept.by == by && ids.count(std::string(kept.id)) != 0)
      out += fmt::format("  {}: {}\n", kept.id, kept.title);
  return out;
}

std::string recording_lines(const Where& w) {
  std::string out;
  for (const auto& [recording, calls] : w.taken)
    out += fmt::format("  {}: {} calls take it\n", recording, grouped(calls));
  for (const auto& [recording, calls] : w.held)
    out += fmt::format("  {}: {} calls are held in it\n", recording, grouped(calls));
  return out;
}

std::string place_lines(const Where& w) {
  std::string out;
  for (const auto& [by, names] : w.places)
    for (const auto& [name, places] : names) out += fmt::format("  {}\n", fmt::join(places, ", "));
  return out;
}

std::string text_of(const Where& w) {
  return fmt::format("{}() of {}\n", w.function, fmt::join(w.files, ", ")) +
         titled("rules", step_lines(w)) + titled("switches", switch_lines(w)) +
         titled("promises", promise_lines(w)) +
         titled("bugs, of `hmmcheck museum`", history_lines(w.bugs, CitedBy::bug)) +
         titled("patches, of `hmmcheck patches`", history_lines(w.patches, CitedBy::patch)) +
         titled("recordings, in traces/recordings/", recording_lines(w)) +
         titled("cited in", place_lines(w));
}

std::size_t count_of_rules(const Where& w) {
  std::size_t count = w.steps.count(w.function) == 0 ? rules_at(w.function, {}).size() : 0;
  for (const auto& [step, words] : w.steps) count += rules_at(step, words).size();
  return count;
}

Json json_of(const Where& w) {
  Json json{{"function", w.function}, {"files", w.files}};
  for (const auto& [step, words] : w.steps)
    for (const Rule* r : rules_at(step, words)) json["rules"].push_back(print_rule(r->id));
  std::set<std::string> steps, promises = w.promises, places;
  for (const auto& [step, words] : w.steps) steps.insert(step);
  for (const auto& [promise, bugs] : w.broken) promises.insert(promise);
  for (const auto& [by, names] : w.places)
    for (const auto& [name, at] : names) places.insert(at.begin(), at.end());
  json.update({{"steps", steps},
               {"switches", w.switches},
               {"promises", promises},
               {"bugs", w.bugs},
               {"patches", w.patches},
               {"calls_that_take_it", w.taken},
               {"calls_held_in_it", w.held},
               {"places", places}});
  return json;
}

// A row for each function: how many there are of everything.
std::string table_of(const std::vector<std::string>& functions) {
  std::string out =
      fmt::format("{:<40} {:>5} {:>8} {:>8} {:>4} {:>7} {:>10}  {}\n", "function", "rules",
                  "switches", "promises", "bugs", "patches", "recordings", "of");
  for (const auto& function : functions) {
    const Where w = where_is(function);
    std::set<std::string> recordings;
    for (const auto* by : {&w.taken, &w.held})
      for (const auto& [recording, calls] : *by) recordings.insert(recording);
    std::set<std::string> promises = w.promises;
    for (const auto& [promise, bugs] : w.broken) promises.insert(promise);
    out += fmt::format("{:<40} {:>5} {:>8} {:>8} {:>4} {:>7} {:>10}  {}\n", function,
                       count_of_rules(w), w.switches.size(), promises.size(), w.bugs.size(),
                       w.patches.size(), recordings.size(), fmt::join(w.files, ", "));
  }
  return out;
}

int run(const Options& o) {
  auto functions = cited_functions();
  std::string name = o.function;
  if (name.ends_with("()")) name.resize(name.size() - 2);
  if (name.find('/') != name.npos) {
    std::erase_if(functions, [&](const auto& f) { return where_is(f).files.count(name) == 0; });
    if (functions.empty()) reject({"where"}, "a file of the kernel that is cited", name);
  } else if (!name.empty()) {
    if (std::find(functions.begin(), functions.end(), name) == functions.end())
      reject({"where"},
             "a function of the kernel that is cited here, as `hmmcheck where` lists them" +
                 did_you_mean(name, functions),
             o.function);
    functions = {name};
  }
  if (o.json)
    for (const auto& function : functions) print(dump(json_of(where_is(function))) + "\n");
  else
    print(name == functions.front() ? text_of(where_is(name)) : table_of(functions));
  return kHolds;
}

}  // namespace

void add_where(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "where", "What has to do with a function of the kernel: rules, promises, bugs, recordings");
  verb->add_option("FUNCTION", o->function,
                   "such as migrate_vma_collect_pmd, or a file; default: a table of all");
  verb->add_flag("--json", o->json, "print JSON, one object a line");
  verb->callback([o, &exit_code] { exit_code = run(*o); });
}

}  // namespace hmm
