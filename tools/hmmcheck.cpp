// hmmcheck: an executable model of Linux HMM. Arguments and printing only.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/verbs/conform.h"
#include "tools/verbs/explore.h"
#include "tools/verbs/prove.h"
#include "tools/verbs/random.h"
#include "tools/verbs/replay.h"
#include "tools/verbs/swap.h"
#include "traces/input_error.h"

int main(int argc, char** argv) {
  CLI::App app{"An executable model of Linux heterogeneous memory management", "hmmcheck"};
  app.require_subcommand(0, 1);  // so that a wrong verb is named
  app.footer(
      "Exit codes: 0 holds, 1 violated, refuted or diverged, 2 bad input or usage, 3 could "
      "not decide, 4 skipped for want of something.");
  int exit_code = 0;
  hmm::add_check(app, exit_code);
  hmm::add_random(app, exit_code);
  hmm::add_explore(app, exit_code);
  hmm::add_prove(app, exit_code);
  hmm::add_replay(app, exit_code);
  hmm::add_shrink(app, exit_code);
  hmm::add_conform(app, exit_code);
  hmm::add_swap(app, exit_code);
  hmm::add_list(app, exit_code);
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty())
      hmm::reject({"VERB"}, "one of those that `hmmcheck --help` lists", "none");
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "hmmcheck: {}\n", error.what());
    return hmm::kBadInput;
  } catch (const hmm::InputError& error) {
    fmt::print(stderr, "hmmcheck: {}\n", error.what());
    return hmm::kBadInput;
  } catch (const std::exception& error) {
    // An assumption of the program's own, the solver or the memory failed.
    fmt::print(stderr, "hmmcheck: could not decide: {}\n", error.what());
    return hmm::kUndecided;
  }
  return exit_code;
}
