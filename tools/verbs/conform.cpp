#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "tools/runs/files.h"
#include "tools/runs/picture.h"
#include "tools/runs/recording_properties.h"
#include "tools/runs/rules_build.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

struct Options : ModelOptions {
  std::vector<std::string> files;
  std::string html;
  std::size_t limit = 20;
  bool judge_properties = false, full = false, shrink = false;
};

// The kernel that recorded is told by the file's name, or else is the profile's.
ConformOptions options_for(const std::string& file, const Options& o) {
  const auto named = kernel_of_recording(file);
  if (!named && o.profile.empty())
    reject({file}, "a name such as linux-6.12.txt, or --profile", file);
  const ProfileFile profile = load_profile_file(
      named && o.profile.empty() ? std::string(swap_kernel_name(*named)) : o.profile);
  const auto kernel = named ? named : swap_kernel_named(profile.swap_kernel);
  if (!kernel) reject({file}, "a name such as linux-6.12.txt", file);
  ConformOptions options{o.changed(profile.profile), *kernel};
  require_conform(o.rules, "--rules");
  if (!o.properties.empty() || o.judge_properties)
    options.violated = [wanted = o.wanted()](const Profile& k, const State<RecordingDomain>& s) {
      return violated_names_of(wanted, k, s);
    };
  return options;
}

// The trace of a divergence up to there, and with --shrink without what has nothing to do with it.
std::string recording_of(const Divergence& d, const ConformOptions& options, bool is_shrunk) {
  return print_recording(
      {d.source, {is_shrunk ? shrink_divergence(d.trace, options) : d.trace}, {}});
}

Json json_of(const Divergence& d) {
  return {{"divergence", d.call}, {"file", d.source},   {"line", d.line},  {"kernel", d.kernel},
          {"model", d.model},     {"before", d.before}, {"steps", d.steps}};
}

void say(const ConformReport& r, std::size_t limit, bool full, const Report& report) {
  for (std::size_t i = 0; i < r.divergences.size() && i < limit; ++i)
    report.say(full ? print_divergence_in_full(r.divergences[i])
                    : print_divergence(r.divergences[i]));
  if (r.divergences.size() > limit)
    report.say(fmt::format("... {} more", r.divergences.size() - limit));
  for (const auto& [name, count] : r.unknown)
    report.say(fmt::format("not known: {}: ends the judgement of {} traces", name, count));
  for (const auto& [name, count] : r.decided)
    report.say(fmt::format("defect: {}: decided what {} calls did", name, count));
  for (const auto& [what, count] : r.broken)
    report.say(fmt::format("defect: {}: broke {} in {} traces", what.first, what.second, count));
  report.say(fmt::format(
      "judged: {} of {} calls, {} agree; {} traces end at a difference, {} at an unknown call",
      r.judged, r.calls, r.agreeing_calls, r.diverging, r.not_to_the_end));
  report.say(fmt::format("conform: {} traces, {} agree, {} calls, {} diverge", r.traces, r.agreeing,
                         r.calls, r.divergences.size()));
}

Json json_of(const ConformReport& r) {
  Json broken = Json::object();
  for (const auto& [what, count] : r.broken) broken[what.first][what.second] = count;
  return {{"traces", r.traces},
          {"agreeing_traces", r.agreeing},
          {"diverging_traces", r.diverging},
          {"traces_not_judged_to_the_end", r.not_to_the_end},
          {"calls", r.calls},
          {"judged_calls", r.judged},
          {"agreeing_calls", r.agreeing_calls},
          {"diverging_calls", r.divergences.size()},
          {"unknown_calls", r.unknown},
          {"decided_by_defects", r.decided},
          {"broken_by_defects", broken}};
}

// One recording, of which `r` says what came out.
ReportRow row_of(const std::string& file, const ConformReport& r, const Options& o,
                 const ConformOptions& options) {
  ReportRow row;
  row.name = file;
  row.facts = o.facts(options.profile);
  row.facts.update(json_of(r));
  row.facts["swap_entries_of"] = swap_kernel_name(options.kernel);
  if (!r.divergences.empty()) {
    row.judgement = Judgement::violated;
    row.detail = print_divergence(r.divergences.front());
    row.trace = recording_of(r.divergences.front(), options, o.shrink);
  } else if (r.not_to_the_end != 0) {
    row.judgement = Judgement::undecided;
    row.detail = fmt::format("{} traces end at an unknown call", r.not_to_the_end);
  }
  return row;
}

// That a recording differs from its kernel may be because it is of another.
std::string other_kernel(const Divergence& d, const Options& o) {
  for (const auto& name : profile_names()) {
    const ProfileFile profile = load_profile_file(name);
    const auto kernel = swap_kernel_named(profile.swap_kernel);
    ConformReport report;
    if (kernel) conform({d.source, {d.trace}, {}}, {o.changed(profile.profile), *kernel}, report);
    if (report.agreeing != 0)
      return fmt::format("{}:{}: agrees with profile {}: is it a recording of that kernel?",
                         d.source, d.line, name);
  }
  return "";
}

void judge_traces(const Recording& recording, const ConformOptions& options, const Stop& stop,
                  ConformReport& report) {
  for (const auto& trace : recording.traces) {
    if (stop.is_asked()) return;
    conform({recording.source, {trace}, {}}, options, report);
  }
}

// The first trace that differs, or else the first of all, as a page.
void draw(const Recording& recording, const ConformReport& judged, const ConformOptions& options,
          const Options& o) {
  const RecordedTrace* trace = &recording.traces.front();
  std::string says = "the kernel and the model agree";
  if (!judged.divergences.empty()) {
    const Divergence& d = judged.divergences.front();
    trace = &d.trace;
    says = print_divergence(d);
  }
  Picture picture = picture_of_recording(recording.source, *trace, options);
  require_drawable(recording.source, picture.scope, picture.table.lines.size());
  picture.title = fmt::format("{}:{}: trace {}", recording.source, trace->line, trace->seed);
  picture.story = {fmt::format("profile {}, swap entries of {}", o.said(options.profile),
                               swap_kernel_name(options.kernel)),
                   says};
  write_file(o.html, html_of(picture));
}

void conform_file(const std::string& file, const Options& o, const Stop& stop, FailureFiles* files,
                  ConformReport& all, Report& report) {
  const std::string text = read_input(file);
  const ConformOptions options = options_for(file, o);
  const Recording recording = parse_whole_traces(text, file);
  // Agreement of nothing is no agreement.
  if (recording.traces.empty())
    recording.refused.empty() ? reject({file, 1}, "trace", "the end of the file")
                              : throw InputError(recording.refused);
  report.say(fmt::format("{}: profile {}{}, swap entries of {}", file, o.said(options.profile),
                         o.profile.empty() ? " (from the file's name)" : "",
                         swap_kernel_name(options.kernel)));
  const auto start = std::chrono::steady_clock::now();
  ConformReport one;
  judge_traces(recording, options, stop, one);
  for (std::size_t i = 0; i < one.divergences.size() && i < o.limit; ++i) {
    if (o.shrink)
      report.say(print_divergence_in_full(one.divergences[i]) + "\n" +
                 recording_of(one.divergences[i], options, true));
    report.object(json_of(one.divergences[i]));
  }
  ReportRow row = row_of(file, one, o, options);
  if (!one.divergences.empty())
    if (const std::string hint = other_kernel(one.divergences.front(), o); !hint.empty()) {
      report.say(hint);
      row.facts["hint"] = hint;
    }
  if (one.traces != recording.traces.size() && row.judgement == Judgement::holds) {
    row.judgement = Judgement::undecided;
    row.detail = fmt::format("stopped after {} of {} traces ({})", one.traces,
                             recording.traces.size(), stop.reason());
    row.text = verdict_text(row, "");
  }
  row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  all.add(one);
  const bool is_saved = files != nullptr && !row.trace.empty();
  report.add(std::move(row));
  if (!o.html.empty()) draw(recording, one, options, o);
  if (is_saved) files->save_last(report, fmt::format("conform-{}.txt", report.rows()));
  // What is whole has been judged.
  if (!recording.refused.empty()) throw InputError(recording.refused);
}

void run(const Options& o, Report& report) {
  std::optional<FailureFiles> files;
  if (o.save) files.emplace(o.save);
  if (!o.html.empty() && o.files.size() != 1)
    reject({"--html"}, "one recording", std::to_string(o.files.size()));
  require_writable(o.html);
  if (o.html == "-") report.print_nothing();
  report.expect(o.files.size());
  const Stop stop(o.seconds, Stop::Signals::left);
  ConformReport all;
  for (const auto& file : o.files) try {
      conform_file(file, o, stop, files ? &*files : nullptr, all, report);
    } catch (const InputError& error) {
      report.refuse(error.what());
    }
  if (report.rows() == 0) return;
  say(all, o.shrink ? 0 : o.limit, o.full, report);
  report.object(json_of(all));
}

}  // namespace

void add_conform(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "conform", "Compare recordings of real kernels to the model",
                   [o](Report& report) { run(*o, report); });
  verb->add_option("FILE", o->files,
                   "recordings, such as recordings/linux-6.12.txt; - is standard input")
      ->required();
  o->add_to(*verb, "a shipped profile or a file; default: the one the file's name tells",
            "where a recording of the first divergence goes: a file, or a folder for one of each");
  verb->add_option("--limit", o->limit, "how many divergences to print")
      ->check(count_from(0))
      ->capture_default_str();
  verb->add_option("--html", o->html,
                   "a file for the first trace that differs, or else the first, as a page: the "
                   "kernel beside the model");
  verb->add_flag("--properties", o->judge_properties, "check every property after every step");
  verb->add_flag("--full", o->full, "print the state before each divergence and the model's steps");
  verb->add_flag("--shrink", o->shrink,
                 "that, and the trace without the calls that the model says do not matter");
}

}  // namespace hmm
