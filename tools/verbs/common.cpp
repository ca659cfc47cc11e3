#include "tools/verbs/common.h"

#include <fmt/format.h>

#include <memory>

#include "tools/runs/files.h"
#include "traces/input_error.h"

namespace hmm {

CLI::App* add_verdicts(CLI::App& app, int& exit_code, const std::string& name,
                       const std::string& says, std::function<void(Report&)> run) {
  struct Forms {
    bool json = false, ktap = false;
    std::string junit;
  };
  const auto forms = std::make_shared<Forms>();
  CLI::App* const verb = app.add_subcommand(name, says);
  CLI::Option* const json = verb->add_flag("--json", forms->json, "print JSON, one object a line");
  verb->add_flag("--ktap", forms->ktap, "print verdicts as KTAP")->excludes(json);
  verb->add_option("--junit", forms->junit, "write verdicts to a JUnit file; - prints only that");
  verb->callback([forms, &exit_code, name, run = std::move(run)] {
    require_writable(forms->junit);
    Report report("hmmcheck " + name, {forms->junit == "-" ? Form::none
                                       : forms->json       ? Form::json
                                       : forms->ktap       ? Form::ktap
                                                           : Form::text,
                                       forms->junit});
    try {
      run(report);
    } catch (const InputError& error) {
      report.bail_out(error.what());
      throw;
    }
    exit_code = report.finish();
  });
  return verb;
}

std::string verdict_text(const ReportRow& row, const std::string& if_it_holds) {
  switch (row.judgement) {
    case Judgement::holds:
      return if_it_holds;
    case Judgement::skipped:
      return "skipped: " + row.detail;
    case Judgement::undecided:
      return fmt::format("could not decide: {}{}{}", row.detail,
                         row.trace.empty() ? "" : ", after:\n", row.trace);
    case Judgement::violated:
      break;
  }
  std::string broken;
  for (const auto& claim : row.broken) broken += "broken: " + claim + "\n";
  return fmt::format("{}\n{}{}", row.detail, broken, row.trace);
}

void add_and_save(Report& report, FailureFiles& files, ReportRow row, const std::string& name) {
  const bool is_saved = row.judgement == Judgement::violated && !row.trace.empty();
  report.add(std::move(row));
  if (is_saved) files.save_last(report, name + ".trace");
}

}  // namespace hmm
