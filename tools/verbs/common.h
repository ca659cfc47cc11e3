#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "tools/runs/failure.h"
#include "tools/runs/report.h"
#include "tools/runs/stop.h"
#include "tools/verbs/options.h"

// What the verbs that give verdicts share.
namespace hmm {

// Adds one. With it come the forms of a report, --json, --ktap and --junit, and the exit code, so
// that none can do without.
CLI::App* add_verdicts(CLI::App& app, int& exit_code, const std::string& name,
                       const std::string& says, std::function<void(Report&)> run);

// What people read of a row: `if_it_holds`, or why it does not hold and the run that shows it.
std::string verdict_text(const ReportRow& row, const std::string& if_it_holds);

// Prints the row and then saves its run, if it is one that violates something.
void add_and_save(Report& report, FailureFiles& files, ReportRow row, const std::string& name);

}  // namespace hmm
