#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <sstream>

#include "tools/runs/failure.h"
#include "tools/runs/files.h"
#include "tools/runs/kernel_coverage.h"
#include "tools/runs/ktap.h"
#include "tools/runs/output.h"
#include "tools/runs/progress.h"
#include "tools/verbs/kernel_options.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

using Options = KernelOptions;

// A test of the suite may take as long as its own alarm.
constexpr double kTestSeconds = 60;

// Traces that one kernel is given: what it has counted is lost if it does not come to its end.
constexpr std::size_t kBatch = 50;

constexpr std::string_view kNoSuite = "no /hmm-tests\n";
// Not what measures how fast a kernel is, which takes minutes here and fails at nothing.
constexpr std::string_view kRunSuite = "run /hmm-tests -T benchmark_thp_migration\n";

GuestRun run_suite(GuestOptions guest, bool is_counted) {
  guest.call_seconds = kTestSeconds;
  return run_guest(std::string(kRunSuite) + (is_counted ? "gcov\n" : ""), guest);
}

// Devices' memory that memremap_pages() refuses: of the system, in part or all, what another device
// has, at its beginning or at its end, beyond what can be mapped, and not of a section.
const std::vector<DeviceMemory>& refused_memory() {
  static const std::vector<DeviceMemory> all{
      {"0x40000000", "0x10000000"},       {"0x40000000", "0x38000000"},
      {"0x50000000", "0x50000000"},       {"0x48000000", "0x50000000"},
      {"0x40000000", "0x10000000000000"}, {"0x40000000", "0x50001000"},
  };
  return all;
}

// Huge pages, pins for long, and what is seen of the kernel beside a trace's observations; on two
// CPUs, of which one may have kept what the other looks for.
constexpr std::string_view kBeyond = "beyond\n";
constexpr unsigned kBeyondCpus = 2;

// False, and a warning, where something came out otherwise than it should.
bool is_right(const GuestRun& run) {
  bool is_right = run.results.ends_with("all\n");
  if (!is_right) warn("the kernel did not live through it\n" + run.console);
  std::istringstream lines(run.results);
  for (std::string said; std::getline(lines, said);)
    if (said.starts_with("beyond ") && !said.ends_with(" -> ok")) {
      warn(said);
      is_right = false;
    }
  return is_right;
}

// What no trace does, and devices whose memory is refused.
class Beyond {
 public:
  Beyond(const GuestOptions& guest, KernelCoverage& sum) : guest_(guest), sum_(sum) {
    guest_.cpus = kBeyondCpus;
  }

  // False, and a warning, where it is not as it should be.
  bool run() {
    bool all = boot(std::string(kBeyond));
    for (const auto& memory : refused_memory()) {
      if (guest_.stop.stop_requested()) return false;
      guest_.device_memory = memory;
      all = boot("") && all;
    }
    return all;
  }
  std::size_t boots() const { return boots_; }

 private:
  bool boot(const std::string& line) {
    const GuestRun run = run_guest(line + "gcov\n", guest_);
    ++boots_;
    if (!run.files.empty()) add(sum_, coverage_of(guest_.image, run.files));
    return is_right(run);
  }

  GuestOptions guest_;
  KernelCoverage& sum_;
  std::size_t boots_ = 0;
};

// What stands in the place of a verdict where a tree has no suite.
bool has_suite(const GuestRun& run, const std::string& kernel) {
  if (!run.results.starts_with(kNoSuite)) return true;
  warn("skipped for want of the suite: the tree of " + kernel + " has no hmm-tests.c");
  return false;
}

int suite(const Options& o) {
  auto guest = guest_of(o);
  if (!guest) return kWanting;
  const Stop stop(o.seconds);
  guest->stop = stop.token();
  const GuestRun run = run_suite(*guest, false);
  if (!has_suite(run, o.kernel)) return kWanting;
  const Ktap ktap = parse_ktap(run.results);
  if (o.out != "-") write_file(o.out, run.results);
  for (const auto& test : ktap.skipped) print("skipped: " + test + "\n");
  for (const auto& test : ktap.failed) print("failed: " + test + "\n");
  print(fmt::format("suite {}: {} passed, {} skipped, {} failed, of {}\n", o.kernel, ktap.passed,
                    ktap.skipped.size(), ktap.failed.size(), ktap.planned));
  if (stop.is_asked()) return ktap.failed.empty() ? kUndecided : kViolated;
  if (!run.results.ends_with("all\n")) warn("the kernel did not live through it\n" + run.console);
  return ktap.holds() ? kHolds : kViolated;
}

int beyond(const Options& o) {
  auto guest = guest_of(o);
  if (!guest) return kWanting;
  const Stop stop(o.seconds);
  guest->stop = stop.token();
  guest->cpus = kBeyondCpus;
  const GuestRun run = run_guest(std::string(kBeyond), *guest);
  if (stop.is_asked()) return kUndecided;
  const bool holds = is_right(run);
  const auto tried = std::count(run.results.begin(), run.results.end(), '>');
  print(fmt::format("beyond {}: {} tried\n", o.kernel, tried));
  return holds ? kHolds : kViolated;
}

int coverage(const Options& o) {
  const auto traces = traces_to_drive(o);
  auto guest = guest_of(o);
  if (!guest) return kWanting;
  const Stop stop(o.seconds);
  guest->stop = stop.token();
  const GuestRun run = run_suite(*guest, true);
  if (!has_suite(run, o.kernel)) return kWanting;
  if (stop.is_asked()) return kUndecided;
  if (run.files.empty()) {
    warn("skipped for want of counters: tools/kernel/build --gcov");
    return kWanting;
  }
  const KernelCoverage theirs = coverage_of(guest->image, run.files);
  KernelCoverage ours;
  std::size_t boots = 0;
  guest->counted = [&](const GuestFiles& files) {
    ++boots;
    add(ours, coverage_of(guest->image, files));
  };
  Progress progress("coverage");
  std::size_t dead = 0;
  for (std::size_t at = 0; at < traces.size() && !stop.is_asked(); at += kBatch) {
    const auto some = traces.begin() + static_cast<std::ptrdiff_t>(at);
    const auto left = static_cast<std::ptrdiff_t>(std::min(kBatch, traces.size() - at));
    for (const auto& one : drive({some, some + left}, *guest)) dead += one.how != Driven::whole;
    progress.show(fmt::format("{} of {} traces", at, traces.size()));
  }
  guest->counted = {};
  Beyond beyond(*guest, ours);
  const bool is_right = beyond.run();
  if (stop.is_asked()) return kUndecided;
  print(coverage_table(theirs, ours));
  print("only the suite:\n" + only_in(theirs, ours));
  print("only ours:\n" + only_in(ours, theirs));
  const Ktap ktap = parse_ktap(run.results);
  print(fmt::format(
      "coverage {}: suite of {} tests; {} traces of ours, counted by {} kernels, and {} kernels of "
      "what no trace does\n",
      o.kernel, ktap.planned, traces.size(), boots, beyond.boots()));
  if (dead > 0) warn(fmt::format("{} kernels took what they had counted with them", dead));
  return is_right ? kHolds : kViolated;
}

}  // namespace

void add_kernel_suite(CLI::App& kernel, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* tests = add_verb(kernel, "suite", "The kernel's own hmm-tests", o, exit_code, suite);
  add_guest_to(*tests, *o);
  tests->add_option("--out", o->out, "a file for what the suite says, as KTAP");
  add_guest_to(*add_verb(kernel, "beyond", "What no call of a trace does, or nobody there sees", o,
                         exit_code, beyond),
               *o);
  CLI::App* counts =
      add_verb(kernel, "coverage", "What the suite executes of HMM, and what traces do", o,
               exit_code, coverage);
  add_guest_to(*counts, *o);
  add_traces_to(*counts, *o);
  add_draws_to(*counts, *o);
}

}  // namespace hmm
