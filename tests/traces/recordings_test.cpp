// The recordings of real kernels that the project carries: every call of every trace, and what each
// switch of a profile has to do with it.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "model/defects.h"
#include "properties/engines/judged_machine.h"
#include "tools/runs/recording_properties.h"
#include "traces/profile_file.h"
#include "traces/replay.h"

namespace hmm {
namespace {

struct Kernel {
  std::string name;
  Recording recording;
  ConformOptions options;
  std::string folder;  // of traces/recordings/; empty for those that stand there
  // Too few traces, or too short, to have some of everything.
  bool few() const { return is_held() || folder == "mended"; }
  bool is_held() const { return folder == "held" || folder == "held-anywhere"; }
  // Who goes on first, of several that wait, the recording tells and the model cannot.
  bool has_races() const { return folder == "held-anywhere"; }
};

const std::vector<Kernel>& kernels() {
  static const std::vector<Kernel> all = [] {
    std::vector<Kernel> out;
    const std::filesystem::path folder = std::string(HMM_SOURCE_DIR) + "/traces/recordings";
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (file.path().extension() != ".txt") continue;
      const std::string path = file.path().string();
      const auto kernel = kernel_of_recording(path);
      REQUIRE(kernel);
      const std::string name(swap_kernel_name(*kernel));
      out.push_back({name,
                     parse_recording(read_input(path), path),
                     {load_profile(name), *kernel, {}},
                     file.path().parent_path() == folder
                         ? ""
                         : file.path().parent_path().filename().string()});
    }
    return out;
  }();
  return all;
}

ConformReport report_of(const Kernel& kernel, const ConformOptions& options) {
  ConformReport report;
  conform(kernel.recording, options, report);
  return report;
}

std::size_t divergences_with(const Kernel& kernel, const Switch& flipped) {
  ConformOptions options = kernel.options;
  options.profile.*flipped.at = !(options.profile.*flipped.at);
  return report_of(kernel, options).divergences.size();
}

}  // namespace

TEST_CASE("the model does what each kernel did, and keeps every property on the way") {
  REQUIRE(kernels().size() == 14);
  for (const auto& kernel : kernels()) {
    CAPTURE(kernel.name, kernel.recording.source);
    ConformOptions options = kernel.options;
    options.violated = violated_names;
    const ConformReport r = report_of(kernel, options);
    for (const auto& d : r.divergences) UNSCOPED_INFO(print_divergence(d));
    CHECK(r.divergences.empty());
    CHECK(r.judged == r.agreeing_calls);
    CHECK(r.traces >= (kernel.is_held() ? 134 : kernel.folder == "mended" ? 1 : 390));
    if (kernel.has_races()) {
      CHECK(r.agreeing + r.not_to_the_end == r.traces);
      CHECK(r.judged > 1'700);
      // How many of each kind end a trace is a golden (tests/goldens/recordings.txt).
      std::size_t ended = 0;
      for (const auto& [what, traces] : r.unknown) ended += traces;
      CHECK(ended == r.not_to_the_end);
      continue;
    }
    CHECK(r.unknown.empty());
    CHECK(r.agreeing == r.traces);
    CHECK(r.calls == r.agreeing_calls);
    if (kernel.few()) continue;
    // How often is a golden (tests/goldens/recordings.txt).
    CHECK((r.decided.count("restore_walks_freed_anon_vma") == 1) ==
          (kernel.folder == "other-seeds"));
    CHECK(r.decided.count("range_fault_ignores_write") == 1);
    CHECK(r.decided.count("dmirror_update_end_inclusive") == 1);
  }
}

TEST_CASE("calls are held where they migrate, fault, walk and change ptes, in each kernel") {
  for (const auto& kernel : kernels()) {
    if (!kernel.has_races()) continue;
    std::set<std::string> held;
    for (const auto& trace : kernel.recording.traces)
      for (const auto& step : trace.steps)
        if (step.call.result.is(Outcome::held)) held.emplace(step.call.result.held_at);
    const bool by_page = kernel.options.profile.exclusive_goes_page_by_page;
    CAPTURE(kernel.name);
    for (const std::string& place :
         {std::string("at migrate_vma_collect_pmd"), std::string("after migrate_vma_collect_pmd"),
          std::string("at migrate_device_unmap"), std::string("at migrate_vma_pages"),
          std::string("after migrate_vma_pages"), std::string("at dmirror_devmem_fault"),
          std::string("after dmirror_devmem_fault"), std::string("at zap_pte_range"),
          std::string("at hmm_range_fault"), std::string("after hmm_range_fault"),
          std::string("at make_device_exclusive") + (by_page ? "" : "_range"),
          std::string("after make_device_exclusive") + (by_page ? "" : "_range"),
          std::string("at copy_pte_range"), std::string("after copy_pte_range")}) {
      CAPTURE(place);
      CHECK(held.count(place) == 1);
    }
  }
}

TEST_CASE("every kind of call is recorded") {
  for (const auto& kernel : kernels()) {
    if (kernel.few()) continue;
    std::set<std::size_t> seen;
    for (const auto& trace : kernel.recording.traces)
      for (const auto& step : trace.steps) seen.insert(step.call.what.index());
    CHECK(seen.size() == kCalls);
  }
}

TEST_CASE("a recording prints as it was recorded") {
  for (const auto& kernel : kernels())
    CHECK(print_recording(kernel.recording) == read_input(kernel.recording.source));
}

// A switch that differs between two kernels is worth something only if their recordings can tell.
TEST_CASE("flipping a switch that differs between the kernels makes a recording diverge") {
  const Profile newest = load_profile("7.3"), b = load_profile("6.12"), a = load_profile("6.1");
  // Calls that follow one another never find a page locked. And what two defects decide is recorded
  // with other seeds, of kernels that have both. No kernel that is recorded has swap.
  const std::set<std::string> unseen{"fault_locks_page", "merge_drops_soft_dirty",
                                     "restore_takes_exclusive", "swapin_maps_writable",
                                     "migrate_frees_swap"};
  const auto differing = [&](const Profile& x, const Profile& y) {
    unsigned count = 0;
    for (const auto& s : kSwitches) {
      if (x.*s.at == y.*s.at) continue;
      ++count;
      std::size_t found = 0;
      for (const auto& kernel : kernels()) found += divergences_with(kernel, s);
      CAPTURE(s.name);
      CHECK((found > 0) != (unseen.count(s.name) == 1));
    }
    return count;
  };
  CHECK(differing(a, b) == 6);
  CHECK(differing(b, newest) == 9);
}

TEST_CASE("the recordings tell when a rule is broken") {
  for (const char* name :
       {"owner_filter", "anon_exclusive", "invalidate_at_start", "collect_keeps_private_write",
        "rmap_finds_private", "migrate_vma_selects", "range_fault_checks_vm_write",
        "range_fault_ignores_write", "dmirror_update_end_inclusive", "unmap_checks_refcount",
        "fork_downgrades_private", "mprotect_downgrades_private", "reuse_checks_refcount",
        "finalize_unlocks_source", "finalize_restores_others", "restore_keeps_write_bit"}) {
    const Switch* s = switch_named(name);
    REQUIRE(s != nullptr);
    for (const auto& kernel : kernels()) {
      if (kernel.few()) continue;
      CAPTURE(name, kernel.name);
      CHECK(divergences_with(kernel, *s) > 0);
    }
  }
}

// The shortest traces of the defects; a recording of the kernel, with the calls it takes, or steps
// where no call by itself shows it.
TEST_CASE("each defect has a trace that shows it and agrees with it on only") {
  for (const auto& defect : kDefects) {
    CAPTURE(defect.name);
    const std::string path = std::string(HMM_SOURCE_DIR) + "/traces/defects/" + defect.trace;
    if (path.ends_with(".trace")) {
      const TraceFile trace = load_trace(path, all_property_names());
      Profile k = trace.kernel();
      CHECK(k.*switch_named(defect.name)->at);
      const auto machine = machine_at(trace.scope);
      ReplayHooks hooks;
      hooks.violates = [&](std::string_view property) {
        return machine->violated(k, property_named(property)) != 0;
      };
      CHECK(replay(trace, k, *machine, hooks).divergence == "");
      k.*switch_named(defect.name)->at = false;
      machine->restart(nullptr);
      CHECK(replay(trace, k, *machine, hooks).divergence != "");
      continue;
    }
    const Recording recording = parse_recording(read_input(path), path);
    REQUIRE(recording.traces.size() == 1);
    ConformOptions options{load_profile("6.12"), SwapKernel::v6_12, {}};
    ConformReport with;
    conform(recording, options, with);
    for (const auto& d : with.divergences) UNSCOPED_INFO(print_divergence(d));
    CHECK(with.agreeing == 1);
    CHECK(with.decided.count(defect.name) == 1);
    options.profile.*switch_named(defect.name)->at = false;
    ConformReport without;
    conform(recording, options, without);
    CHECK(without.divergences.size() == 1);
  }
}

// The driver that the recordings' kernels have is mended, and so is the model's.
TEST_CASE("the stock driver's oops is no defect of the model") {
  const std::string path =
      std::string(HMM_SOURCE_DIR) + "/traces/defects/dmirror_stores_device_page.txt";
  ConformReport report;
  conform(parse_recording(read_input(path), path), {load_profile("6.12"), SwapKernel::v6_12, {}},
          report);
  REQUIRE(report.divergences.size() == 1);
  CHECK_THAT(print_divergence(report.divergences.front()),
             Catch::Contains("dread d0 0-0") && Catch::Contains("model ok"));
}

// Of what the model says of a kernel, its makers are told by whoever finds it.
TEST_CASE("each defect of a kernel has a mail that says how to see it") {
  std::vector<std::string> names{"device_write_lost", "dmirror_stores_device_page"};
  // A known issue of its own cover letter, which is told already.
  for (const auto& defect : kDefects)
    if (std::string_view(defect.name) != "free_region_within_limit") names.push_back(defect.name);
  for (const auto& name : names) {
    CAPTURE(name);
    const std::string path = std::string(HMM_SOURCE_DIR) + "/traces/defects/" + name + ".mail";
    const std::string mail = read_input(path);
    CHECK(mail.starts_with("Subject: "));
    bool names_a_file = false;
    for (const std::string& file : {name + ".txt", name + ".trace", name + ".c"}) {
      const bool is_there =
          std::filesystem::exists(std::filesystem::path(path).replace_filename(file));
      names_a_file = names_a_file || (is_there && mail.find(file) != mail.npos);
    }
    CHECK(names_a_file);
    std::istringstream lines(mail);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 75);
  }
}

}  // namespace hmm
