#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "tools/runs/drive_report.h"
#include "tools/runs/files.h"
#include "tools/runs/output.h"
#include "tools/verbs/kernel_options.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

struct Options : KernelOptions {
  std::vector<std::string> files;
  bool plans = false;
};

ConformOptions rules_of(const std::string& profile, Profile k) {
  const auto kernel = swap_kernel_named(load_profile_file(profile).swap_kernel);
  if (!kernel) reject({"--profile"}, "a profile whose swap entries are known", profile);
  return {std::move(k), *kernel, {}};
}

// A trace, and the calls that take its steps.
struct ToDrive {
  std::string file;
  DrivePlan plan;
};

ToDrive planned(const std::string& file, const Options& o) {
  const TracedRun run = load_run(file);
  const std::string& own = run.trace.profile;
  DrivePlan plan = plan_drive(run, rules_of(own, run.trace.kernel()));
  if (!plan.why_not.empty()) return {file, std::move(plan)};
  // The kernel may have other rules than the trace.
  const auto names = profile_names();
  const bool is_known = std::find(names.begin(), names.end(), o.kernel) != names.end();
  const std::string profile = !o.profile.empty() ? o.profile : is_known ? o.kernel : own;
  const Profile rules = o.changed(load_profile_file(profile).profile);
  return {file, answered_by(std::move(plan), rules_of(profile, rules))};
}

int drive_all(const Options& o) {
  std::vector<ToDrive> all;
  std::vector<RecordedTrace> calls;
  int code = kHolds;
  for (const auto& file : o.files) {
    ToDrive one = planned(file, o);
    if (!one.plan.why_not.empty()) {
      warn(fmt::format("{}: cannot be driven: {}", file, one.plan.why_not));
      code = std::max(code, one.plan.is_undecided ? kUndecided : kBadInput);
      continue;
    }
    one.plan.calls.seed = all.size() + 1;
    calls.push_back(one.plan.calls);
    all.push_back(std::move(one));
  }
  if (o.plans) {
    write_file(o.out, print_recording({"", calls, {}}));
    return code;
  }
  if (all.empty()) return code;
  auto guest = guest_of(o);
  if (!guest) return kWanting;
  const Stop stop(o.seconds);
  guest->stop = stop.token();
  const auto driven = drive(calls, *guest);
  std::size_t same = 0;
  for (std::size_t i = 0; i < driven.size(); ++i) {
    const DriveReport report = compare_driven(all[i].plan, driven[i]);
    print(fmt::format("{}: {} steps by {} calls, held {} times\n{}", all[i].file, report.steps,
                      all[i].plan.calls.steps.size(), all[i].plan.held, report.text));
    for (const auto& note : driven[i].notes) print("  kernel: " + note + "\n");
    if (driven[i].how != Driven::whole) print(driven[i].console + "\n");
    same += report.is_same() ? 1 : 0;
  }
  print(fmt::format("drive: {} of {} traces go as predicted, {} cannot be driven\n", same,
                    all.size(), o.files.size() - all.size()));
  if (driven.size() < all.size()) return kUndecided;
  return same < all.size() ? kViolated : code;
}

}  // namespace

void add_kernel_drive(CLI::App& kernel, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = kernel.add_subcommand(
      "drive", "Steps that interleave, as calls that are held: whether a kernel goes that way");
  verb->callback([o, &exit_code] { exit_code = drive_all(*o); });
  verb->add_option("TRACE", o->files, "traces of steps; - is input")->required();
  add_guest_to(*verb, *o);
  verb->get_option("--kernel")->required(false);
  verb->add_option("--profile", o->profile, "the model's; default: of the image's name");
  o->add_changes_to(*verb);
  verb->add_flag("--plan", o->plans, "the calls as a recording, and no kernel");
  verb->add_option("--out", o->out, "a file for that; - is standard output")->capture_default_str();
}

}  // namespace hmm
