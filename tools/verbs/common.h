#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "properties/engines/engines.h"
#include "tools/runs/report.h"

// What the verbs share: how one that gives verdicts is added, and the options of the engines.
namespace hmm {

// Adds a verb that gives verdicts. With it come the forms of a report, --json, --ktap and --junit,
// and the exit code, so that none can do without.
CLI::App* add_verdicts(CLI::App& app, int& exit_code, const std::string& name,
                       const std::string& says, std::function<void(Report&)> run);

// --profile, --set, --drop, --scope, --property and so on, as every engine takes them.
struct RunOptions {
  std::string profile = "6.12";
  std::vector<std::string> sets, drops;
  std::string scope = "default";
  std::vector<std::string> properties;
  std::string save = "hmmcheck-failure.trace";
  unsigned threads = 2;

  void add_to(CLI::App& verb);
  // The profile with what --set and --drop say; defects that break properties are off unless it
  // says so. Throws InputError.
  Profile kernel() const;
  // The profile's defects that are off for that reason though the scope could show them, and a
  // line for each. The scope has a name that is known.
  std::vector<std::string> defects_left_out() const;
  void say_left_out(const Report& report) const;
  PropertySet wanted() const;  // throws InputError
  // Throws InputError for what would otherwise come out only once the work is done: properties that
  // do not exist, and files that cannot be written.
  void validate() const;
};

// --drop, as every verb takes it that runs the rules.
void add_drop(CLI::App& verb, std::vector<std::string>& drops);

// For options that count: digits only, where CLI11 takes `-1` for a very large number.
extern const CLI::Validator kCount;

// Throw InputError if there is no such scope, this build does not have it, or the engine is not
// built for it.
void require_scope(const std::string& name);
void require_scope(const std::string& name, Engine engine);

// What is violated, the trace, and where it is saved.
std::string failure_text(const RunOptions& o, const ReportRow& row);

}  // namespace hmm
