#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "tools/runs/c_program.h"
#include "tools/runs/c_selftest.h"
#include "tools/runs/campaign_log.h"
#include "tools/runs/files.h"
#include "tools/runs/held_calls.h"
#include "tools/runs/output.h"
#include "tools/runs/progress.h"
#include "tools/runs/rapid_calls.h"
#include "tools/verbs/kernel_options.h"
#include "tools/verbs/verbs.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

using Options = KernelOptions;

std::vector<RecordedTrace> traces_of(const std::string& file, Results results) {
  auto traces = parse_calls(read_input(file), file, results).traces;
  if (traces.empty()) reject({file, 1}, "trace", "the end of the file");
  return traces;
}

// The model's kernel, of which an image may have the name.
ProfileFile profile_of(const Options& o) {
  if (!o.profile.empty()) return load_profile_file(o.profile);
  const auto names = profile_names();
  if (std::find(names.begin(), names.end(), o.kernel) == names.end())
    reject({"--profile"}, "a profile, as the image's name is none", "none");
  return load_profile_file(o.kernel);
}

std::string what_happened(Driven how) {
  switch (how) {
    case Driven::whole:
      return "it came through";
    case Driven::oops:
      return "the kernel died of its last call";
    case Driven::hangs:
      return "its last call did not come back";
    case Driven::died_at_end:
      return "the kernel did not live through the end of its processes";
  }
  return "";
}

// What came of a trace, which does not depend on those before it: one that the kernel did not come
// through is driven again, by a fresh one. Says what happened.
RecordedTrace alone(const RecordedTrace& trace, const DrivenTrace& came,
                    const GuestOptions& guest) {
  std::string says = fmt::format("trace {}: {}", trace.seed, what_happened(came.how));
  RecordedTrace recorded = came.trace;
  if (came.how != Driven::died_at_end && !guest.stop.stop_requested()) {
    const auto again = drive_one({trace}, guest);
    if (!again.empty() && again.front().how == Driven::whole) {
      says += "; a fresh kernel comes through, and that is recorded";
      recorded = again.front().trace;
    }
  }
  warn(says + "\n" + came.console);
  return recorded;
}

int record(const Options& o) {
  const auto traces = traces_to_drive(o);
  auto guest = guest_of(o);
  if (!guest) return kWanting;
  GuestOptions& options = *guest;
  const Stop stop(o.seconds);
  options.stop = stop.token();
  Progress progress("record");
  options.progress = [&](std::size_t done) {
    progress.show(fmt::format("{} of {} traces", done, traces.size()));
  };
  const auto driven = drive(traces, options);
  Recording recording;
  int code = driven.size() == traces.size() ? kHolds : kUndecided;
  bool cannot_hold = false;
  for (std::size_t i = 0; i < driven.size(); ++i) {
    for (const auto& note : driven[i].notes) {
      warn(fmt::format("trace {}: {}", driven[i].trace.seed, note));
      if (note.find(kNotHeld) != note.npos) cannot_hold = true;
    }
    const bool is_whole = driven[i].how == Driven::whole;
    recording.traces.push_back(is_whole ? driven[i].trace : alone(traces[i], driven[i], options));
    if (!is_whole) code = kViolated;
  }
  write_file(o.out, print_recording(recording));
  return cannot_hold ? kBadInput : code;
}

int reduce(const Options& o) {
  const auto traces = traces_of(o.file, Results::optional);
  auto guest = guest_of(o);
  if (!guest) return kWanting;
  const Stop stop(o.seconds);
  guest->stop = stop.token();
  Progress progress("reduce");
  ReduceOptions options;
  options.drive = [&](const auto& some) { return drive_one(some, *guest); };
  options.stop = stop.token();
  options.progress = [&](std::size_t boots, std::size_t calls) {
    progress.show(fmt::format("{} boots, {} calls left", boots, calls));
  };
  const Reduced reduced = hmm::reduce(traces, options);
  if (reduced.traces.empty()) {
    warn(fmt::format("the kernel came through all of {} traces", traces.size()));
    return stop.is_asked() ? kUndecided : kHolds;
  }
  write_file(o.out, print_recording({o.file, reduced.traces, {}}));
  std::size_t calls = 0;
  for (const auto& trace : reduced.traces) calls += trace.steps.size();
  warn(fmt::format("{}: {} calls in {} traces are left, after {} boots{}; again in {} of {}",
                   what_happened(reduced.how), calls, reduced.traces.size(), reduced.boots,
                   stop.is_asked() ? ", stopped before the end" : "", reduced.repeated,
                   reduced.of));
  return kViolated;
}

// What the kernel's answers are compared with.
ConformOptions model_of(const Options& o) {
  const ProfileFile profile = profile_of(o);
  const auto kernel = swap_kernel_named(profile.swap_kernel);
  if (!kernel) reject({"--profile"}, "a profile whose swap entries are known", o.profile);
  return {o.changed(profile.profile), *kernel, {}};
}

void save(const Options& o, const Finding& finding) {
  const std::string text = print_recording({finding.name, finding.reduced.traces, {}});
  std::string found =
      fmt::format("finding: {}, first in trace {}: {}", finding.name, finding.seed, finding.says);
  if (found.back() != '\n') found += '\n';
  print(found);
  if (finding.reduced.traces.empty()) {
    print("not again in a fresh kernel: nothing to reduce\n");
    return;
  }
  print(fmt::format("{}{} boots; again in {} of {}\n", text, finding.reduced.boots,
                    finding.reduced.repeated, finding.reduced.of));
  if (o.folder.empty()) return;
  const std::string file = (std::filesystem::path(o.folder) / finding.name).string();
  write_file(file + ".txt", text);
  if (finding.reduced.traces.size() == 1)
    write_file(file + ".c", c_program(finding.reduced.traces.front()));
}

int campaign(const Options& o) {
  if (!o.folder.empty()) require_folder("--save", o.folder);
  auto guest = guest_of(o);
  if (!guest) return kWanting;
  const Stop stop(o.seconds);
  guest->stop = stop.token();
  CampaignOptions options;
  options.drive = [&](const auto& traces) { return drive(traces, *guest); };
  options.drive_one = [&](const auto& traces) { return drive_one(traces, *guest); };
  options.stop = stop.token();
  options.model = model_of(o);
  options.seed = o.seed;
  options.traces = o.traces;
  options.length = o.length;
  Progress progress("campaign");
  options.progress = [&](const CampaignResult& r) {
    progress.show(fmt::format("{} of {} traces, {} calls, {} findings", r.traces, o.traces, r.calls,
                              r.findings.size()));
  };
  options.found = [&](const Finding& finding) { save(o, finding); };
  const std::string log = (std::filesystem::path(o.folder) / "campaign.json").string();
  if (!o.folder.empty()) {
    const CampaignIdentity of{o.kernel, options.model.profile.name + o.changes(), o.seed,
                              options.batch, o.length};
    options.before = load_campaign(log, of);
    if (options.before.traces != 0)
      print(fmt::format("{}: goes on after {} traces with {} findings\n", log,
                        options.before.traces, options.before.findings.size()));
    options.batch_is_done = [of, log](const CampaignResult& r) {
      write_file(log, print_campaign(of, r));
    };
  }
  const CampaignResult r = hmm::campaign(options);
  print(fmt::format("campaign: {} of {} traces, {} calls, {} findings\n", r.traces, o.traces,
                    r.calls, r.findings.size()));
  return !r.findings.empty() ? kViolated : r.traces < o.traces ? kUndecided : kHolds;
}

int repro(const Options& o) {
  const auto traces = traces_of(o.file, Results::required);
  if (o.trace > traces.size())
    reject({"--trace"}, fmt::format("one of {} traces", traces.size()), std::to_string(o.trace));
  const RecordedTrace& trace = traces[o.trace - 1];
  if (o.test_name.empty()) {
    write_file(o.out, c_program(trace));
    return kHolds;
  }
  try {
    write_file(o.out, c_selftest(trace, o.test_name));
  } catch (const std::invalid_argument& e) {
    throw InputError(fmt::format("{}:{}: {}", o.file, trace.line, e.what()));
  }
  return kHolds;
}

int syzlang(const Options& o) {
  write_file(o.out, hmm::syzlang());
  return kHolds;
}

void add_out_to(CLI::App& verb, Options& o) {
  verb.add_option("--out", o.out, "a file; - is standard output")->capture_default_str();
}

}  // namespace

std::vector<RecordedTrace> traces_to_drive(const KernelOptions& o) {
  if (!o.calls.empty()) return traces_of(o.calls, Results::optional);
  if (o.traces == 0) reject({"--traces"}, "--calls FILE or --traces N", "none");
  const Profile k = o.changed(profile_of(o).profile);
  auto traces = draw_traces(k, o.seed, o.traces, o.length);
  if (o.holds)
    for (auto& trace : traces) trace = hold_some(trace, k);
  return traces;
}

std::optional<GuestOptions> guest_of(const KernelOptions& o) {
  require_writable(o.out);
  GuestOptions options;
  options.image = image_named(o.kernel);
  options.call_seconds = o.call_seconds;
  if (const auto missing = missing_for_guest(options.image); !missing.empty()) {
    warn("skipped for want of " + missing);
    return std::nullopt;
  }
  return options;
}

CLI::App* add_verb(CLI::App& kernel, const std::string& name, const std::string& help,
                   const std::shared_ptr<KernelOptions>& o, int& exit_code,
                   int (*run)(const KernelOptions&)) {
  CLI::App* verb = kernel.add_subcommand(name, help);
  verb->callback([o, &exit_code, run] { exit_code = run(*o); });
  return verb;
}

void add_traces_to(CLI::App& verb, KernelOptions& o) {
  auto* calls = verb.add_option("--calls", o.calls, "a recording, or calls alone; - is input");
  verb.add_option("--traces", o.traces, "how many to draw from the model")
      ->check(count_from(1, 1'000'000))
      ->excludes(calls);
}

void add_draws_to(CLI::App& verb, KernelOptions& o) {
  verb.add_option("--seed", o.seed, "of the first")->capture_default_str();
  verb.add_option("--length", o.length, "calls in a trace")
      ->check(count_from(1, 1'000))
      ->capture_default_str();
  verb.add_option("--profile", o.profile, "the model's; default: of the image's name");
  o.add_changes_to(verb);
}

void add_guest_to(CLI::App& verb, KernelOptions& o) {
  verb.add_option("--kernel", o.kernel, "an image of tools/kernel/build, as 6.12")->required();
  verb.add_option("--call-seconds", o.call_seconds, "after which a call hangs")
      ->check(seconds_above_zero())
      ->capture_default_str();
  verb.add_option("--seconds", o.seconds, "stop after so long")->check(seconds_above_zero());
}

void add_kernel(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* kernel = app.add_subcommand("kernel", "Real kernels, booted in QEMU");
  kernel->require_subcommand(1);
  CLI::App* rec = add_verb(*kernel, "record", "Drive calls through a kernel: a recording", o,
                           exit_code, record);
  add_guest_to(*rec, *o);
  add_traces_to(*rec, *o);
  rec->add_flag("--hold", o->holds, "hold some of those on their way, while others overtake them");
  add_draws_to(*rec, *o);
  add_out_to(*rec, *o);
  add_kernel_drive(*kernel, exit_code);
  CLI::App* long_run =
      add_verb(*kernel, "campaign", "Drive drawn calls, compare each with the model, reduce", o,
               exit_code, campaign);
  add_guest_to(*long_run, *o);
  long_run->add_option("--traces", o->traces, "how many to draw from the model")
      ->check(count_from(1, 1'000'000))
      ->required();
  add_draws_to(*long_run, *o);
  long_run->add_option("--save", o->folder, "a folder for each finding, as text and as C");
  CLI::App* less = add_verb(*kernel, "reduce", "The fewest calls that a kernel still dies of", o,
                            exit_code, reduce);
  add_guest_to(*less, *o);
  add_out_to(*less, *o);
  less->add_option("FILE", o->file, "calls that end in the failure; - is input")->required();
  add_kernel_validate(*kernel, exit_code);
  CLI::App* program =
      add_verb(*kernel, "repro", "A trace of a recording as a C program", o, exit_code, repro);
  add_out_to(*program, *o);
  program->add_option("FILE", o->file, "a recording; - is input")->required();
  program->add_option("--trace", o->trace, "which of its traces, from 1")
      ->check(count_from(1))
      ->capture_default_str();
  program
      ->add_option("--test-f", o->test_name,
                   "as a TEST_F of that name, for tools/testing/selftests/mm/hmm-tests.c")
      ->check(CLI::Validator(
          [](const std::string& name) {
            const bool is_name =
                !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
                std::all_of(name.begin(), name.end(),
                            [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
            return is_name ? "" : "expected a name in C, found " + name;
          },
          "NAME"));
  CLI::App* syz = add_verb(*kernel, "syzlang", "The test driver's ioctls, as syzkaller takes them",
                           o, exit_code, syzlang);
  add_out_to(*syz, *o);
  add_kernel_suite(*kernel, exit_code);
}

}  // namespace hmm
