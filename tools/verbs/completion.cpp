#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/rules.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/engines/property_set.h"
#include "tools/runs/output.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

using Words = std::vector<std::string>;

// What an option takes, of those whose values have names.
std::map<std::string, Words> values() {
  std::map<std::string, Words> out;
  for (const auto& s : kScopes) out["--scope"].emplace_back(s.name);
  out["--profile"] = profile_names();
  for (const auto& s : kSwitches)
    for (const char* value : {"=0", "=1"}) out["--set"].push_back(s.name + std::string(value));
  for (const auto& r : rules()) out["--drop"].push_back(print_rule(r.id));
  for (const auto& p : property_infos()) out["--property"].emplace_back(p.name);
  out["--property"].emplace_back("promises");
  for (const auto& s : step_infos()) out["--step"].emplace_back(s.name);
  return out;
}

Words options_of(const CLI::App& verb) {
  Words words;
  for (const CLI::Option* option : verb.get_options())
    for (const auto& name : option->get_lnames()) words.push_back("--" + name);
  return words;
}

std::string bash(const CLI::App& app) {
  Words verbs;
  std::string of_verbs, of_options;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    verbs.push_back(verb->get_name());
    Words words = options_of(*verb);
    for (const CLI::App* inner : verb->get_subcommands([](const CLI::App*) { return true; })) {
      words.push_back(inner->get_name());
      for (auto& word : options_of(*inner)) words.push_back(std::move(word));
    }
    of_verbs += fmt::format("    {}) words=\"{}\" ;;\n", verb->get_name(), fmt::join(words, " "));
  }
  for (const auto& [option, words] : values())
    of_options += fmt::format("    {}) words=\"{}\" ;;\n", option, fmt::join(words, " "));
  return fmt::format(R"(# bash completion for hmmcheck: source <(hmmcheck completion bash)
_hmmcheck() {{
  local at=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words=
  # Bash takes `=` for a word of its own.
  COMPREPLY=()
  case $before in
{1}  esac
  if [ -z "$words" ] && [ "$COMP_CWORD" = 1 ]; then
    words="{0} --help --version"
  elif [ -z "$words" ]; then
    case ${{COMP_WORDS[1]}} in
{2}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$at"))
}}
complete -o default -F _hmmcheck hmmcheck
)",
                     fmt::join(verbs, " "), of_options, of_verbs);
}

}  // namespace

void add_completion(CLI::App& app, int& exit_code) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("completion", "Prints what a shell completes verbs with");
  verb->add_option("SHELL", *shell, "bash")->required();
  verb->callback([shell, &app, &exit_code] {
    if (*shell != "bash") reject({"completion"}, "bash", *shell);
    print(bash(app));
    exit_code = 0;
  });
}

}  // namespace hmm
