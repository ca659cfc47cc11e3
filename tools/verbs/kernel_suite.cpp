#include <fmt/format.h>

#include <algorithm>
#include <memory>

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
  if (stop.is_asked()) return kUndecided;
  print(coverage_table(theirs, ours));
  print("only the suite:\n" + only_in(theirs, ours));
  print("only ours:\n" + only_in(ours, theirs));
  const Ktap ktap = parse_ktap(run.results);
  print(fmt::format("coverage {}: suite of {} tests; {} traces of ours, counted by {} kernels\n",
                    o.kernel, ktap.planned, traces.size(), boots));
  if (dead > 0) warn(fmt::format("{} kernels took what they had counted with them", dead));
  return kHolds;
}

}  // namespace

void add_kernel_suite(CLI::App& kernel, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* tests = add_verb(kernel, "suite", "The kernel's own hmm-tests", o, exit_code, suite);
  add_guest_to(*tests, *o);
  tests->add_option("--out", o->out, "a file for what the suite says, as KTAP");
  CLI::App* counts =
      add_verb(kernel, "coverage", "What the suite executes of HMM, and what traces do", o,
               exit_code, coverage);
  add_guest_to(*counts, *o);
  add_traces_to(*counts, *o);
  add_draws_to(*counts, *o);
}

}  // namespace hmm
