#include "traces/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "properties/engines/judged_machine.h"
#include "tools/runs/broken.h"
#include "tools/runs/files.h"
#include "tools/runs/live_rows.h"
#include "tools/runs/picture.h"
#include "tools/runs/traces.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/charts.h"
#include "traces/itf.h"
#include "traces/trace_table.h"

namespace hmm {
namespace {

struct Options : ModelOptions {
  std::vector<std::string> files;
  std::string html, format;
  bool quiet = false, table = false;
};

constexpr std::size_t kTableWidth = 100;

// What --seconds ends.
struct OutOfTime : std::runtime_error {
  using runtime_error::runtime_error;
};

bool is_about_nothing(const TraceLine& line) {
  return line.kind == TraceLine::Kind::comment || line.kind == TraceLine::Kind::given;
}

// In the order of what is said first.
std::string said_once(const std::vector<std::string>& names) {
  std::vector<std::string> once;
  for (const auto& name : names)
    if (std::find(once.begin(), once.end(), name) == once.end()) once.push_back(name);
  return joined(once);
}

// A trace as it runs: the row of it, and lines on what it violates.
class Replayed {
 public:
  Replayed(const std::string& file, const Options& o, const Stop& stop)
      : o_(o), stop_(stop), run_(load_run(file)), k_(o.kernel_of(run_.trace)) {
    // Agreement of nothing is no agreement.
    if (std::all_of(run_.trace.lines.begin(), run_.trace.lines.end(), is_about_nothing))
      reject({file}, "a step or an expect line", "neither");
    row.name = file;
    row.facts = o.facts(k_);
    row.facts.update({{"file", file}, {"scope", run_.trace.scope}});
    // What a trace expects to be violated is no failure of the replay; anything else is.
    judged_ = o.wanted() & ~expected_violated(run_.trace);
    if (!o.html.empty())
      require_drawable(file, run_.machine->scope(), steps_of(run_.trace).size() + 1);
  }

  void run(const Report& report) {
    decide(row, [&] {
      const ReplayReport r = replay(run_.trace, k_, *run_.machine, hooks());
      if (!o_.quiet) report.say(o_.table ? table() : print_replay(r));
      tell_steps(r, report);
      row.facts["steps"] = r.steps.size();
      row.facts["expectations"] = r.expectations;
      if (!r.agrees()) {
        row.judgement = Judgement::violated;
        row.detail = r.divergence;
      }
      row.facts["line"] = line_;
      set_text(r);
    });
    if (row.judgement == Judgement::undecided) row.text = verdict_text(row, "");
  }

  // The steps that ran, as a page.
  std::string html() {
    Picture picture = picture_of_run(*run_.machine, k_, restart(), steps_, o_.wanted());
    picture.title = row.name;
    std::vector<std::string_view> kernel;
    const std::string header = print_trace(trace_header(run_.trace.scope, k_));
    for (const auto line : lines_of(header, row.name)) kernel.push_back(line);
    // The version of the format is no part of it.
    kernel.erase(kernel.begin());
    picture.story = {fmt::format("{}", fmt::join(run_.trace.comments, " ")),
                     fmt::format("{}", fmt::join(kernel, ", ")), row.detail};
    if (row.judgement == Judgement::holds) picture.story.back() = said_of_agreement();
    return html_of(picture);
  }

  // The same in another format.
  std::string exported() {
    const Leaves from = restart();
    const auto taken = taken_steps(*run_.machine, k_, steps_);
    if (o_.format == "itf") {
      TraceFile header = trace_header(run_.trace.scope, k_);
      header.path = row.name;
      header.comments = run_.trace.comments;
      header.lines = run_.trace.lines;
      return print_itf(header, from, taken, violated_at_);
    }
    const Scope& scope = run_.machine->scope();
    const TraceTable table = table_of(scope, from, taken, ShownRows::all);
    return o_.format == "dot" ? print_dot(table, violated_at_)
                              : print_mermaid(scope, table, violated_at_);
  }

  ReportRow row;

 private:
  std::string said_of_agreement() const {
    if (!violated_.empty()) return "violated, as expected: " + said_once(violated_);
    for (const auto& line : run_.trace.lines)
      if (line.kind == TraceLine::Kind::expect_hangs) return "hangs, as expected";
    return "agrees";
  }

  Leaves restart() {
    hmm::start(*run_.machine, run_.trace);
    return run_.machine->leaves();
  }

  std::string table() {
    const Leaves from = restart();
    return print_table(table_of(*run_.machine, k_, steps_, &from), kTableWidth);
  }

  ReplayHooks hooks() {
    ReplayHooks hooks;
    hooks.after_step = [this](Verdict, const TraceLine& line) { judge(line); };
    hooks.violates = [this](std::string_view name) { return is_violated(name); };
    hooks.denies_hang = [this](const std::vector<Want>& wants, const PlainSteps& cycle) {
      const std::string why = why_no_hang(*run_.machine, k_, wants, cycle);
      if (why.empty()) expected_ += "\nhangs, as expected: " + said_of_hang(wants, cycle.size());
      return why;
    };
    return hooks;
  }

  void judge(const TraceLine& line) {
    if (stop_.is_asked()) throw OutOfTime("stopped (" + stop_.reason() + ")");
    line_ = line.number;
    steps_.push_back(line.step);
    const PropertySet now = run_.machine->violated(k_, judged_);
    if (row.judgement != Judgement::holds || now == 0) return;
    row.judgement = Judgement::violated;
    note_violated(now);
    row.detail = fmt::format("{}:{}: expected every property to hold, found violated {}", row.name,
                             line.number, joined(names_of_properties(now)));
    row.broken = broken_claims(*run_.machine, k_, now);
    hmm::start(*run_.machine, run_.trace);
    const Leaves from = run_.machine->leaves();
    row.trace = failing_trace(k_, run_.trace.scope, steps_, now, &from);
    first_violation(*run_.machine, k_, steps_, now, &from);
  }

  bool is_violated(std::string_view name) {
    const PropertySet one = property_named(name);
    if (run_.machine->violated(k_, one) == 0) return false;
    violated_.emplace_back(name);
    note_violated(one);
    expected_ += fmt::format("\nviolated {}, as expected: {}", name,
                             fmt::join(broken_claims(*run_.machine, k_, one), "; "));
    return true;
  }

  // After the steps so far.
  void note_violated(PropertySet bad) {
    violated_at_.resize(steps_.size() + 1);
    for (auto& name : names_of_properties(bad)) violated_at_.back().push_back(std::move(name));
  }

  void tell_steps(const ReplayReport& r, const Report& report) const {
    if (o_.quiet) return;
    for (const auto& step : r.steps)
      report.object({{"file", row.name},
                     {"line", step.line},
                     {"step", step.step},
                     {"step_verdict", name_of(step.verdict)},
                     {"changes", step.changes}});
  }

  void set_text(const ReplayReport& r) {
    row.facts["violated_as_expected"] = violated_;
    const bool agrees = row.judgement == Judgement::holds;
    if (agrees && o_.quiet) return;
    row.text = agrees ? fmt::format("{}: agrees, {} steps{}", row.name, r.steps.size(), expected_)
                      : row.name + ": " + row.detail;
    for (const auto& claim : row.broken) row.text += "\nbroken: " + claim;
  }

  const Options& o_;
  const Stop& stop_;
  TracedRun run_;
  Profile k_;
  PropertySet judged_ = 0;
  PlainSteps steps_;
  unsigned line_ = 0;
  std::string expected_;
  std::vector<std::string> violated_;
  ViolatedAt violated_at_;
};

void run(const Options& o, Report& report) {
  std::optional<FailureFiles> files;
  if (o.save) files.emplace(o.save);
  for (const auto& [option, value] : {std::pair{"--html", o.html}, std::pair{"--export", o.format}})
    if (!value.empty() && o.files.size() != 1)
      reject({option}, "one trace", std::to_string(o.files.size()));
  require_writable(o.html);
  if (o.html == "-" || !o.format.empty()) report.print_nothing();
  report.expect(o.files.size());
  // Who interrupts a replay has seen what it said.
  const Stop stop(o.seconds, Stop::Signals::left);
  for (const auto& file : o.files) try {
      Replayed one(file, o, stop);
      one.run(report);
      if (!o.html.empty()) write_file(o.html, one.html());
      if (!o.format.empty()) write_file("-", one.exported());
      const bool is_saved = files && !one.row.trace.empty();
      report.add(std::move(one.row));
      if (is_saved) files->save_last(report, fmt::format("replay-{}.trace", report.rows()));
    } catch (const InputError& error) {
      // The other traces are judged all the same.
      report.refuse(error.what());
    }
  if (report.rows() == 0) return;
  const std::size_t failed = report.rows() - report.count(Judgement::holds);
  report.object({{"traces", report.rows()}, {"failed", failed}});
  report.say(fmt::format("replay: {} traces, {} failed", report.rows(), failed));
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "replay", "Run traces, show each step and what it changed",
                   [o](Report& report) { run(*o, report); });
  verb->add_option("FILE", o->files, "traces; - is standard input")->required();
  o->add_to(*verb, "instead of the traces' own: a shipped profile or a file",
            "where a trace of what is violated unexpectedly goes: a file or a folder");
  verb->add_flag("--table", o->table,
                 "the steps by number, then what they change as tables, what changed marked by *");
  verb->add_option(
      "--html", o->html,
      "a file for the run as a page: a sequence chart, and every state to step through");
  verb->add_option("--export", o->format,
                   "print only the run, as ITF (JSON of Apalache and Quint, which is a trace "
                   "again), a Mermaid sequence diagram, or a DOT graph of states")
      ->check(CLI::IsMember({"itf", "mermaid", "dot"}));
  verb->add_flag("-q,--quiet", o->quiet, "only what fails, and the count");
}

}  // namespace hmm
