#include "tools/verbs/main.h"

#include <cxxabi.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <typeinfo>

#include "properties/engines/solver_memory.h"
#include "tools/runs/output.h"
#include "tools/runs/report.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"
#include "traces/nearest.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

std::vector<std::string> names_of_verbs(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  return names;
}

// Names a wrong verb or option before anything else that is wrong, and what was meant.
void require_known(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  for (const std::string& argument : arguments) {
    if (argument == "--") return;
    if (argument.starts_with("--")) {
      const std::string name = argument.substr(0, argument.find('='));
      if (at->get_option_no_throw(name) != nullptr) continue;
      std::vector<std::string> names;
      for (const CLI::Option* option : at->get_options())
        for (const auto& known : option->get_lnames()) names.push_back("--" + known);
      reject({at->get_name()},
             fmt::format("an option of `{} --help`{}", at == &app ? "hmmcheck" : at->get_name(),
                         did_you_mean(name, names)),
             name);
    }
    const auto verbs = names_of_verbs(*at);
    if (std::find(verbs.begin(), verbs.end(), argument) != verbs.end())
      at = at->get_subcommand(argument);
    else if (at == &app)
      reject({"VERB"}, "one of those that `hmmcheck --help` lists" + did_you_mean(argument, verbs),
             argument);
  }
}

// Where memory is out the solver throws in places where nobody can catch.
[[noreturn]] void end_undecided() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  const bool is_memory =
      type != nullptr && (*type == typeid(std::bad_alloc) ||
                          std::string_view(type->name()).ends_with("out_of_memory_error"));
  if (!is_memory) std::abort();
  constexpr std::string_view text = "hmmcheck: could not decide: out of memory\n";
  // Nothing that would ask for more.
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) std::abort();
  std::_Exit(kUndecided);
}

int run(CLI::App& app, int argc, char** argv, const int& exit_code) {
  try {
    require_known(app, {argv + 1, argv + argc});
    app.parse(argc, argv);
    if (app.get_subcommands().empty())
      reject({"VERB"}, "one of those that `hmmcheck --help` lists", "none");
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "hmmcheck: {}\n", error.what());
    return kBadInput;
  } catch (const InputError& error) {
    fmt::print(stderr, "hmmcheck: {}\n", error.what());
    return kBadInput;
  } catch (const std::exception& error) {
    // An assumption of the program's own, the solver or the memory failed.
    fmt::print(stderr, "hmmcheck: could not decide: {}\n", reason_of(error));
    return kUndecided;
  }
  return exit_code;
}

}  // namespace

int run_hmmcheck(int argc, char** argv) {
  // A file that may not grow is one that cannot be written, and no reason to die.
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate(end_undecided);
  limit_solver_memory();
  CLI::App app{"An executable model of Linux heterogeneous memory management", "hmmcheck"};
  app.require_subcommand(0, 1);  // so that a wrong verb is named
  app.set_version_flag("--version", [] {
    return fmt::format("hmmcheck " HMM_VERSION ", kernels {}", joined(profile_names()));
  });
  app.footer(
      "Exit codes: 0 holds, 1 violated, refuted or diverged, 2 bad input or usage, 3 could "
      "not decide, 4 skipped for want of something, 130 and 143 interrupted.");
  int exit_code = 0;
  for (const auto add : kVerbs) add(app, exit_code);
  const int code = run(app, argc, argv, exit_code);
  if (const auto failure = output_failure(); !failure.empty()) {
    fmt::print(stderr, "hmmcheck: could not decide: standard output cannot be written: {}\n",
               failure);
    return kUndecided;
  }
  return code;
}

}  // namespace hmm
