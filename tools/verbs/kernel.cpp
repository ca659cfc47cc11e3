#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "tools/runs/c_program.h"
#include "tools/runs/files.h"
#include "tools/runs/guest.h"
#include "tools/runs/output.h"
#include "tools/runs/progress.h"
#include "tools/runs/rapid_calls.h"
#include "tools/verbs/options.h"
#include "tools/verbs/verbs.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

// The exit code of what is skipped for want of something.
constexpr int kWanting = 4;

struct Options {
  std::string kernel, calls, out = "-", file;
  std::uint64_t seed = 1;
  std::size_t traces = 0, trace = 1;
  unsigned length = 20;
  double call_seconds = 20;
  std::optional<double> seconds;
};

// Those of a recording, whatever it says came of them, or drawn ones.
std::vector<RecordedTrace> traces_to_drive(const Options& o) {
  if (!o.calls.empty()) return parse_recording(read_input(o.calls), o.calls).traces;
  if (o.traces == 0) reject({"--traces"}, "--calls FILE or --traces N", "none");
  const auto names = profile_names();
  const bool is_known = std::find(names.begin(), names.end(), o.kernel) != names.end();
  return draw_traces(load_profile(is_known ? o.kernel : "6.12"), o.seed, o.traces, o.length);
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

int record(const Options& o) {
  const auto traces = traces_to_drive(o);
  require_writable(o.out);
  GuestOptions options;
  options.image = image_named(o.kernel);
  options.call_seconds = o.call_seconds;
  if (const auto missing = missing_for_guest(options.image); !missing.empty()) {
    warn("skipped for want of " + missing);
    return kWanting;
  }
  const Stop stop(o.seconds);
  options.stop = stop.token();
  Progress progress("record");
  options.progress = [&](std::size_t done) {
    progress.show(fmt::format("{} of {} traces", done, traces.size()));
  };
  const auto driven = drive(traces, options);
  Recording recording;
  int code = driven.size() == traces.size() ? kHolds : kUndecided;
  for (const auto& one : driven) {
    recording.traces.push_back(one.trace);
    if (one.how == Driven::whole) continue;
    code = kViolated;
    warn(fmt::format("trace {}: {}\n{}", one.trace.seed, what_happened(one.how), one.console));
  }
  write_file(o.out, print_recording(recording));
  return code;
}

int repro(const Options& o) {
  const auto traces = parse_recording(read_input(o.file), o.file).traces;
  if (o.trace > traces.size())
    reject({"--trace"}, fmt::format("one of {} traces", traces.size()), std::to_string(o.trace));
  write_file(o.out, c_program(traces[o.trace - 1], o.file));
  return kHolds;
}

CLI::App* add_verb(CLI::App& kernel, const std::string& name, const std::string& help,
                   const std::shared_ptr<Options>& o, int& exit_code, int (*run)(const Options&)) {
  CLI::App* verb = kernel.add_subcommand(name, help);
  verb->add_option("--out", o->out, "a file; - is standard output")->capture_default_str();
  verb->callback([o, &exit_code, run] { exit_code = run(*o); });
  return verb;
}

}  // namespace

void add_kernel(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* kernel = app.add_subcommand("kernel", "Real kernels, booted in QEMU");
  kernel->require_subcommand(1);
  CLI::App* rec = add_verb(*kernel, "record", "Drive calls through a kernel: a recording", o,
                           exit_code, record);
  rec->add_option("--kernel", o->kernel, "an image of tools/kernel/build, as 6.12")->required();
  auto* calls = rec->add_option("--calls", o->calls, "a recording, of whose calls; - is input");
  rec->add_option("--traces", o->traces, "how many to draw from the model")
      ->check(count_from(1, 1'000'000))
      ->excludes(calls);
  rec->add_option("--seed", o->seed, "of the first")->capture_default_str();
  rec->add_option("--length", o->length, "calls in a trace")
      ->check(count_from(1, 1'000))
      ->capture_default_str();
  rec->add_option("--call-seconds", o->call_seconds, "after which a call hangs")
      ->check(seconds_above_zero())
      ->capture_default_str();
  rec->add_option("--seconds", o->seconds, "stop after so long")->check(seconds_above_zero());
  CLI::App* program =
      add_verb(*kernel, "repro", "A trace of a recording as a C program", o, exit_code, repro);
  program->add_option("FILE", o->file, "a recording; - is input")->required();
  program->add_option("--trace", o->trace, "which of its traces, from 1")
      ->check(count_from(1))
      ->capture_default_str();
}

}  // namespace hmm
