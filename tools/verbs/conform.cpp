#include "tools/verbs/conform.h"

#include <fmt/format.h>

#include <memory>

#include "tools/verbs/common.h"

namespace hmm {

std::vector<std::string> violated_names(const Profile& k, const State<RecordingDomain>& s) {
  return names_of_properties(violated(k, s, kAllProperties));
}

namespace {

struct Options {
  std::vector<std::string> files;
  std::string profile;
  std::vector<std::string> drops;
  std::size_t limit = 20;
  bool json = false, properties = false, full = false, shrink = false;
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
void print_shrunk(const Divergence& d, const ConformOptions& options) {
  fmt::print("{}\n", print_divergence_in_full(d));
  const Recording shrunk{d.source, {shrink_divergence(d.trace, options)}};
  fmt::print("{}", print_recording(shrunk));
}

void print_text(const ConformReport& r, std::size_t limit, bool full) {
  for (std::size_t i = 0; i < r.divergences.size() && i < limit; ++i)
    fmt::print("{}\n", full ? print_divergence_in_full(r.divergences[i])
                            : print_divergence(r.divergences[i]));
  if (r.divergences.size() > limit) fmt::print("... {} more\n", r.divergences.size() - limit);
  for (const auto& [name, count] : r.unknown)
    fmt::print("not known: {}: ends the judgement of {} traces\n", name, count);
  for (const auto& [name, count] : r.decided)
    fmt::print("defect: {}: decided what {} calls did\n", name, count);
  for (const auto& [what, count] : r.broken)
    fmt::print("defect: {}: broke {} in {} traces\n", what.first, what.second, count);
  fmt::print("judged: {} of {} calls, {} agree; {} traces not judged to the end\n", r.judged,
             r.calls, r.agreeing_calls, r.not_to_the_end);
  fmt::print("conform: {} traces, {} agree, {} calls, {} diverge\n", r.traces, r.agreeing, r.calls,
             r.divergences.size());
}

void print_json(const ConformReport& r, std::size_t limit) {
  for (std::size_t i = 0; i < r.divergences.size() && i < limit; ++i) {
    const Divergence& d = r.divergences[i];
    const Json line{{"divergence", d.call},   {"file", d.source}, {"line", d.line},
                    {"expected", d.expected}, {"found", d.found}, {"before", d.before},
                    {"steps", d.steps}};
    fmt::print("{}\n", line.dump());
  }
  Json broken = Json::object();
  for (const auto& [what, count] : r.broken) broken[what.first][what.second] = count;
  const Json summary{{"traces", r.traces},
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
  fmt::print("{}\n", summary.dump());
}

int run(const Options& o) {
  ConformReport report;
  for (const auto& file : o.files) {
    const ConformOptions options = options_for(file, o);
    const Recording recording = parse_recording(read_input(file), file);
    // Agreement of nothing is no agreement.
    if (recording.traces.empty()) reject({file, 1}, "trace", "the end of the file");
    if (!o.json)
      fmt::print("{}: profile {}{}, swap entries of {}\n", file, options.profile.name,
                 o.profile.empty() ? " (from the file's name)" : "",
                 swap_kernel_name(options.kernel));
    const std::size_t earlier = report.divergences.size();
    conform(recording, options, report);
    for (std::size_t i = earlier; o.shrink && i < report.divergences.size() && i < o.limit; ++i)
      print_shrunk(report.divergences[i], options);
  }
  if (o.json)
    print_json(report, o.limit);
  else
    print_text(report, o.shrink ? 0 : o.limit, o.full);
  if (!report.divergences.empty()) return 1;
  return report.not_to_the_end != 0 ? 3 : 0;
}

}  // namespace

void add_conform(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("conform", "Compare recordings of real kernels to the model");
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
                 "that, and the trace without the calls that the model says do not matter")
      ->excludes(verb->add_flag("--json", o->json, "print JSON, one object a line"));
  verb->callback([o, &exit_code] { exit_code = run(*o); });
}

}  // namespace hmm
