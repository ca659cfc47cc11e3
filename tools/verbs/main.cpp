#include "tools/verbs/main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/runs/report.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"

namespace hmm {

int run_hmmcheck(int argc, char** argv) {
  CLI::App app{"An executable model of Linux heterogeneous memory management", "hmmcheck"};
  app.require_subcommand(0, 1);  // so that a wrong verb is named
  app.footer(
      "Exit codes: 0 holds, 1 violated, refuted or diverged, 2 bad input or usage, 3 could "
      "not decide, 4 skipped for want of something.");
  int exit_code = 0;
  for (const auto add : kVerbs) add(app, exit_code);
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty())
      reject({"VERB"}, "one of those that `hmmcheck --help` lists", "none");
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "hmmcheck: {}\n", error.what());
    return kBadInput;
  } catch (const InputError& error) {
    fmt::print(stderr, "hmmcheck: {}\n", error.what());
    return kBadInput;
  } catch (const std::exception& error) {
    // An assumption of the program's own, the solver or the memory failed.
    fmt::print(stderr, "hmmcheck: could not decide: {}\n", error.what());
    return kUndecided;
  }
  return exit_code;
}

}  // namespace hmm
