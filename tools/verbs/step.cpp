#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <optional>

#include "tools/runs/by_hand.h"
#include "tools/runs/output.h"
#include "tools/runs/report.h"
#include "tools/runs/rules_build.h"
#include "tools/runs/serve.h"
#include "tools/runs/stop.h"
#include "tools/runs/traces.h"
#include "tools/verbs/options.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

struct Options : KernelChanges {
  std::string file, profile = "6.12", scope = "tiny";
  std::optional<int> port;
};

ByHand begin(const Options& o) {
  if (!o.file.empty()) {
    if (o.file == "-") reject({"FILE"}, "a file: commands come from standard input", "-");
    const TracedRun run = load_run(o.file);
    return {run.trace, o.changed(run.trace.kernel())};
  }
  require_scope(o.scope);
  TraceFile trace;
  trace.scope = o.scope;
  trace.profile = o.profile;
  return {trace, o.changed(load_profile(o.profile, {"--profile"}))};
}

// On a terminal what is wrong is said and one goes on; whoever wrote a file of commands wants it
// right.
void run(const Options& o) {
  ByHand walk = begin(o);
  if (o.port) {
    const Stop stop({});
    serve(walk, *o.port, stop,
          [](int port) { print(fmt::format("http://127.0.0.1:{}/ until Ctrl-C\n", port)); });
    return;
  }
  const bool is_terminal = isatty(STDIN_FILENO) != 0;
  if (is_terminal) print(ByHand::help());
  unsigned number = 0;
  for (std::string line; !walk.is_over();) {
    if (is_terminal) print("> ");
    if (!std::getline(std::cin, line)) break;
    ++number;
    if (const auto comment = line.find('#'); comment != line.npos) line.resize(comment);
    try {
      print(walk.answer(line, {"line " + std::to_string(number)}));
    } catch (const InputError& error) {
      if (!is_terminal) throw;
      print(std::string(error.what()) + "\n");
    }
  }
  if (is_terminal && !walk.is_over()) print("\n");
}

}  // namespace

void add_step(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "step", "Walk through states by hand: what can happen, what it changes, and why not");
  verb->add_option("FILE", o->file, "a trace to begin after; default: the initial state");
  verb->add_option("--profile", o->profile, "a shipped profile or a file; of a trace its own")
      ->capture_default_str();
  verb->add_option("--scope", o->scope, "see `list scopes`; of a trace its own")
      ->capture_default_str();
  verb->add_option("--serve", o->port,
                   "in a browser instead, at 127.0.0.1 and this port; 0: one that is free")
      ->check(CLI::Range(0, 65535));
  o->add_changes_to(*verb);
  verb->callback([o, &exit_code] {
    run(*o);
    exit_code = kHolds;
  });
}

}  // namespace hmm
