#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "model/domain/enumerators.h"
#include "tools/runs/output.h"
#include "tools/runs/report.h"
#include "tools/verbs/verbs.h"
#include "traces/kconfig_swap.h"

namespace hmm {
namespace {

struct Options {
  std::string kernel = "6.12";
  std::vector<std::string> asked;
  bool json = false;
};

// What was asked for of a kernel.
struct Question {
  KconfigFile file;
  KconfigRules rules;
  std::vector<KconfigValue> asked;

  explicit Question(const Options& o) : file(load_kconfig(o.kernel)), rules(file) {
    for (const auto& text : o.asked) asked.push_back(parse_kconfig_value(file, text, {"SYMBOL"}));
  }
  std::string name() const {
    std::string text = file.says;
    for (std::size_t i = 0; i < asked.size(); ++i)
      text += (i == 0 ? " with " : " ") + print(asked[i]);
    return text;
  }
};

// The codes of one type over all configurations that are left, and whether some have none.
std::string codes_of(const std::vector<SwapConfig>& configs, std::size_t type) {
  std::set<unsigned> codes;
  bool is_missing = false;
  for (const SwapConfig& c : configs) {
    const SwapType code = special_types(c)[type].type;
    if (code) codes.insert(*code);
    is_missing = is_missing || !code;
  }
  std::vector<std::string> names;
  for (const unsigned code : codes) names.push_back(std::to_string(code));
  if (is_missing) names.emplace_back("none");
  return fmt::format("{}", fmt::join(names, " or "));
}

Json swap_types(const Question& q) {
  const auto configs = swap_configs_of(q.file, q.rules, q.asked);
  unsigned least = 1u << MAX_SWAPFILES_SHIFT, most = 0;
  for (const SwapConfig& c : configs) {
    least = std::min(least, MAX_SWAPFILES(c));
    most = std::max(most, MAX_SWAPFILES(c));
  }
  Json out;
  out["MAX_SWAPFILES"] =
      least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
  const SwapConfig& any = configs.front();
  for (std::size_t i = 0; i < special_types(any).size(); ++i)
    if (const std::string codes = codes_of(configs, i); codes != "none")
      out[std::string(special_types(any)[i].name)] = codes;
  return out;
}

std::string_view words(KconfigState state) {
  switch (state) {
    case KconfigState::y:
      return "there";
    case KconfigState::n:
      return "not there";
    case KconfigState::open:
      break;
  }
  return "open";
}

void print_conflict(const Question& q, const Options& o) {
  const auto conflict = q.rules.conflict(q.asked);
  std::vector<std::string> values;
  for (const auto& value : conflict.values) values.push_back(print(value));
  if (o.json) {
    print(Json{{"kernel", q.file.name},
               {"consistent", false},
               {"conflict", values},
               {"because", conflict.because}}
              .dump() +
          "\n");
    return;
  }
  print(fmt::format("{}: cannot be{}: {}\n", q.name(), values.size() > 1 ? " together" : "",
                    fmt::join(values, " ")));
  for (const auto& reason : conflict.because) print("  " + reason + "\n");
}

void print_consistent(const Question& q, const Options& o) {
  Json symbols, exists = Json::array();
  for (const KconfigState state : {KconfigState::y, KconfigState::n, KconfigState::open})
    symbols[std::string(enumerator_name(state))] = Json::array();
  for (const auto& name : q.file.symbol_names())
    symbols[std::string(enumerator_name(q.rules.state_of(q.asked, KconfigExpr::name(name))))]
        .push_back(name);
  for (const KconfigExists& e : q.file.exists)
    exists.push_back({{"name", e.name},
                      {"is", words(q.rules.state_of(q.asked, e.needs))},
                      {"needs", print(e.needs)},
                      {"source", e.source},
                      {"steps", e.steps},
                      {"calls", e.calls}});
  const Json swap = swap_types(q);
  if (o.json) {
    print(Json{{"kernel", q.file.name},
               {"consistent", true},
               {"symbols", symbols},
               {"exists", exists},
               {"swap", swap}}
              .dump() +
          "\n");
    return;
  }
  print(q.name() + ": consistent\n");
  for (const auto& [state, names] : symbols.items())
    if (!names.empty())
      print(fmt::format("{:<5} {}\n", state + ":",
                        fmt::join(names.get<std::vector<std::string>>(), " ")));
  for (const auto& [name, codes] : swap.items())
    print(fmt::format("{:<29} {}\n", name, codes.get<std::string>()));
  for (const Json& e : exists) {
    std::vector<std::string> what;
    for (const char* kind : {"steps", "calls"})
      if (const auto names = e[kind].get<std::vector<std::string>>(); !names.empty())
        what.push_back(fmt::format("{} {}", kind, fmt::join(names, " ")));
    print(fmt::format("{:<9} {} ({}; {}): {}\n", e["is"].get<std::string>(),
                      e["name"].get<std::string>(), e["needs"].get<std::string>(),
                      e["source"].get<std::string>(), fmt::join(what, "; ")));
  }
}

int run(const Options& o) {
  const Question q(o);
  if (q.rules.configure(q.asked)) {
    print_consistent(q, o);
    return kHolds;
  }
  print_conflict(q, o);
  return kViolated;
}

}  // namespace

void add_config(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "config", "Kconfig: whether options can be had together, and what is there with them");
  verb->add_option("SYMBOL", o->asked, "SYMBOL=y or SYMBOL=n, as many as there are");
  verb->add_option("--kernel,--profile", o->kernel,
                   "v16, 4.14, 6.1, 6.12, 7.3, or a file of rows as model/kconfig/ has")
      ->capture_default_str();
  verb->add_flag("--json", o->json, "print JSON");
  verb->callback([o, &exit_code] { exit_code = run(*o); });
}

}  // namespace hmm
