#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "tools/runs/c_program.h"
#include "tools/runs/files.h"
#include "tools/runs/kernel_diff.h"
#include "tools/runs/output.h"
#include "tools/runs/program.h"
#include "tools/runs/progress.h"
#include "tools/runs/validate.h"
#include "tools/verbs/kernel_options.h"
#include "tools/verbs/verbs.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

// The exit code of a kernel that does not build, which `git bisect run` passes over.
constexpr int kUnbuilt = 125;

struct Options : KernelChanges {
  std::string kernel, tree, a, b, folder;
  std::vector<std::string> patches;
  std::uint64_t seed = 1;
  std::size_t traces = 200;
  unsigned length = 20;
  double call_seconds = 20;
  std::optional<double> seconds;
  bool stock = false;

  std::string base_image() const {
    return tree.empty() ? kernel : std::filesystem::weakly_canonical(tree).filename().string();
  }
  std::string patched_image() const { return base_image() + "-patched"; }
  ProfileFile base() const {
    if (!a.empty()) return load_profile_file(a);
    const auto names = profile_names();
    if (std::find(names.begin(), names.end(), kernel) == names.end())
      reject({"A"}, "a profile, as no version that has one was named", "none");
    return load_profile_file(kernel);
  }
  ProfileFile patched() const { return b.empty() ? base() : load_profile_file(b); }
};

ConformOptions rules_of(const ProfileFile& file, Profile k) {
  const auto kernel = swap_kernel_named(file.swap_kernel);
  if (!kernel) reject({"A"}, "a profile whose swap entries are known", file.profile.name);
  return {std::move(k), *kernel, {}};
}

// The images, made or found to be there already. The exit code of what failed.
int build(const Options& o, bool with_patches) {
  std::vector<std::string> words;
  if (o.tree.empty())
    words.push_back(o.kernel);
  else
    words.insert(words.end(), {"--tree", o.tree});
  words.insert(words.end(), {"--name", with_patches ? o.patched_image() : o.base_image()});
  if (o.stock) words.emplace_back("--stock");
  if (with_patches)
    for (const auto& patch : o.patches) words.insert(words.end(), {"--patch", patch});
  const int code = run_tool("tools/kernel/build", words);
  if (code == 127) warn("skipped for want of tools/kernel/build beside this program");
  if (code == 127) return kWanting;
  return code == 0 || code == 2 || code == kWanting ? code : kUnbuilt;
}

std::optional<GuestOptions> guest_of(const Options& o, const std::string& image, const Stop& stop) {
  GuestOptions guest;
  guest.image = image_named(image);
  guest.call_seconds = o.call_seconds;
  guest.stop = stop.token();
  if (const auto missing = missing_for_guest(guest.image); !missing.empty()) {
    warn("skipped for want of " + missing);
    return std::nullopt;
  }
  return guest;
}

// What the rules do otherwise, where a small search comes by it.
void say_rules(const Profile& a, const Profile& b, const Stop& stop) {
  DiffOptions options;
  options.scopes = {"tiny", "fork"};
  std::erase_if(options.scopes, [](const auto& s) { return !is_built(s, Engine::explore); });
  options.stop = stop.token();
  const auto [one, other] = without_common_defects(a, b);
  const KernelDiff d = diff_kernels(one, other, options);
  if (d.differences.empty()) return print("rules: no step differs\n");
  print(fmt::format("rules: {} ways in which a step differs\n", d.differences.size()));
  for (const auto& found : d.differences) print("  " + name_of(found.what) + "\n");
  for (const auto& broken : d.newly_broken())
    print(fmt::format("  newly broken: {}\n", names_of_properties(broken.promise).front()));
  for (const auto& mended : d.mended())
    print(fmt::format("  mended: {}\n", names_of_properties(mended.promise).front()));
}

void say(const Options& o, const Finding& f) {
  print(fmt::format("the patched kernel is not as its rules say: {}, in {} traces: {}\n", f.name,
                    f.times, f.says));
  if (f.reduced.traces.empty()) return;
  const std::string text = print_recording({f.name, f.reduced.traces, {}});
  print(text);
  if (o.folder.empty()) return;
  const std::string file = (std::filesystem::path(o.folder) / f.name).string();
  write_file(file + ".txt", text);
  if (f.reduced.traces.size() == 1) write_file(file + ".c", c_program(f.reduced.traces.front()));
}

void say(const ChangedCall& c) {
  print(fmt::format("changed: {}, in {} traces, in {} of them as the rules say both\n", c.name,
                    c.times, c.as_ruled));
  print(print_recording({"before", {c.base}, {}}));
  const RecordedStep& last = c.patched.steps.back();
  std::string after = fmt::format("with the patch: {} -> {}\n", print_call(last.call),
                                  print_result(last.call.result));
  for (const auto& seen : last.seen) after += print_observation(seen) + "\n";
  print(after);
}

int verdict(const Options& o, const ValidateResult& r) {
  for (const auto& [name, call] : r.changed) say(call);
  for (const auto& [name, finding] : r.base.findings)
    print(fmt::format("before the patch already not as the rules say: {}, in {} traces: {}\n", name,
                      finding.times, finding.says));
  const auto introduced = r.introduced();
  for (const auto& finding : introduced) say(o, finding);
  const bool is_complete = r.base.traces == o.traces && r.patched.traces == o.traces;
  const char* says = !introduced.empty() ? "the patch does what its rules do not say"
                     : !is_complete      ? "could not decide: stopped before the end"
                     : r.parted == 0     ? "nothing that was seen changes, as the rules say"
                                         : "the patch does what its rules say, and nothing else";
  print(fmt::format("validate: {}: {} of {} traces, {} calls, {} traces come out differently\n",
                    says, r.patched.traces, o.traces, r.patched.calls, r.parted));
  return !introduced.empty() ? kViolated : is_complete ? kHolds : kUndecided;
}

int validate(const Options& o) {
  if (o.kernel.empty() == o.tree.empty())
    reject({"--kernel"}, "--kernel VERSION or --tree DIR", o.tree.empty() ? "none" : "both");
  for (const auto& patch : o.patches)
    if (!std::filesystem::is_regular_file(patch)) reject({"--patch"}, "a file", patch);
  const ProfileFile base = o.base(), patched = o.patched();
  ValidateOptions options;
  options.base = rules_of(base, base.profile);
  options.patched = rules_of(patched, o.changed(patched.profile));
  if (!o.folder.empty()) require_folder("--save", o.folder);
  const Stop stop(o.seconds);
  for (const bool with_patches : {false, true})
    if (const int code = build(o, with_patches); code != 0) return code;
  const auto before = guest_of(o, o.base_image(), stop),
             after = guest_of(o, o.patched_image(), stop);
  if (!before || !after) return kWanting;
  say_rules(options.base.profile, options.patched.profile, stop);
  options.drive_base = [&](const auto& traces) { return drive(traces, *before); };
  options.drive_one_base = [&](const auto& traces) { return drive_one(traces, *before); };
  options.drive_patched = [&](const auto& traces) { return drive(traces, *after); };
  options.drive_one_patched = [&](const auto& traces) { return drive_one(traces, *after); };
  options.stop = stop.token();
  options.seed = o.seed;
  options.traces = o.traces;
  options.length = o.length;
  Progress progress("validate");
  options.progress = [&](const std::string& kernel, const CampaignResult& r) {
    progress.show(fmt::format("{}: {} of {} traces, {} findings", kernel, r.traces, o.traces,
                              r.findings.size()));
  };
  return verdict(o, hmm::validate(options));
}

}  // namespace

void add_kernel_validate(CLI::App& kernel, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = kernel.add_subcommand(
      "validate", "Whether a patched kernel does what its rules say, and nothing else");
  verb->add_option("--kernel", o->kernel, "a version that tools/kernel/build has the source of");
  verb->add_option("--tree", o->tree, "or a tree of one's own");
  verb->add_option("--patch", o->patches, "a patch of the kernel, as mail or as a diff; several")
      ->required()
      ->allow_extra_args(false);
  verb->add_option("A", o->a, "the rules before the patch: a profile; default: the version's");
  verb->add_option("B", o->b, "and with it; default: A, with what the options change");
  o->add_changes_to(*verb);
  verb->add_option("--traces", o->traces, "how many to draw from the rules before the patch")
      ->check(count_from(1, 1'000'000))
      ->capture_default_str();
  verb->add_option("--seed", o->seed, "of the first")->capture_default_str();
  verb->add_option("--length", o->length, "calls in a trace")
      ->check(count_from(1, 1'000))
      ->capture_default_str();
  verb->add_option("--call-seconds", o->call_seconds, "after which a call hangs")
      ->check(seconds_above_zero())
      ->capture_default_str();
  verb->add_option("--seconds", o->seconds, "stop after so long")->check(seconds_above_zero());
  verb->add_option("--save", o->folder, "a folder for what the rules do not say, as text and as C");
  verb->add_flag("--stock", o->stock, "the test driver as it is");
  verb->callback([o, &exit_code] { exit_code = validate(*o); });
}

}  // namespace hmm
