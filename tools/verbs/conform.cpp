#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "tools/runs/recording_properties.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string profile;
  std::vector<std::string> drops;
  std::size_t limit = 20;
  bool properties = false, full = false, shrink = false;
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
  ConformOptions options{without_rules(profile.profile, o.drops), *kernel};
  if (o.properties) options.violated = violated_names;
  return options;
}

// The divergence, and its trace with what has nothing to do with it left out.
std::string print_shrunk(const Divergence& d, const ConformOptions& options) {
  const Recording shrunk{d.source, {shrink_divergence(d.trace, options)}};
  return print_divergence_in_full(d) + "\n" + print_recording(shrunk);
}

Json json_of(const Divergence& d) {
  return {{"divergence", d.call}, {"file", d.source},   {"line", d.line},  {"expected", d.expected},
          {"found", d.found},     {"before", d.before}, {"steps", d.steps}};
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
  report.say(fmt::format("judged: {} of {} calls, {} agree; {} traces not judged to the end",
                         r.judged, r.calls, r.agreeing_calls, r.not_to_the_end));
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
ReportRow row_of(const std::string& file, const ConformReport& r, const ConformOptions& options) {
  ReportRow row;
  row.name = file;
  row.facts = json_of(r);
  row.facts["profile"] = options.profile.name;
  if (!r.divergences.empty()) {
    row.judgement = Judgement::violated;
    row.detail = print_divergence(r.divergences.front());
    row.trace = print_divergence_in_full(r.divergences.front());
  } else if (r.not_to_the_end != 0) {
    row.judgement = Judgement::undecided;
    row.detail = fmt::format("{} traces not judged to the end", r.not_to_the_end);
  }
  return row;
}

ReportRow conform_file(const std::string& file, const Options& o, ConformReport& all,
                       Report& report) {
  const ConformOptions options = options_for(file, o);
  const Recording recording = parse_recording(read_input(file), file);
  // Agreement of nothing is no agreement.
  if (recording.traces.empty()) reject({file, 1}, "trace", "the end of the file");
  report.say(fmt::format("{}: profile {}{}, swap entries of {}", file, options.profile.name,
                         o.profile.empty() ? " (from the file's name)" : "",
                         swap_kernel_name(options.kernel)));
  const auto start = std::chrono::steady_clock::now();
  ConformReport one;
  conform(recording, options, one);
  for (std::size_t i = 0; i < one.divergences.size() && i < o.limit; ++i) {
    if (o.shrink) report.say(print_shrunk(one.divergences[i], options));
    report.object(json_of(one.divergences[i]));
  }
  ReportRow row = row_of(file, one, options);
  row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  all.add(one);
  return row;
}

void run(const Options& o, Report& report) {
  ConformReport all;
  for (const auto& file : o.files) report.add(conform_file(file, o, all, report));
  say(all, o.shrink ? 0 : o.limit, o.full, report);
  report.object(json_of(all));
}

}  // namespace

void add_conform(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "conform", "Compare recordings of real kernels to the model",
                   [o](Report& report) { run(*o, report); });
  verb->add_option("FILE", o->files, "recordings, such as recordings/linux-6.12.txt")->required();
  verb->add_option("--profile", o->profile,
                   "a shipped profile or a file; default: the one the file's name tells");
  add_drop(*verb, o->drops);
  verb->add_option("--limit", o->limit, "how many divergences to print")
      ->check(kCount)
      ->capture_default_str();
  verb->add_flag("--properties", o->properties, "check every property after every step");
  verb->add_flag("--full", o->full, "print the state before each divergence and the model's steps");
  verb->add_flag("--shrink", o->shrink,
                 "that, and the trace without the calls that the model says do not matter");
}

}  // namespace hmm
