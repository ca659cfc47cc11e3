// The explorer's own runs, driven in real kernels where they have been built.
#include <iostream>

#include "tests/tools/binary.h"
#include "tools/runs/drive_plan.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

// Shortest runs to each verdict, of scopes in which calls interleave.
constexpr std::array kScopesOfRuns{"returns", "faults", "ranges"};
constexpr std::size_t kEnough = 20;

std::vector<std::string> runs_of(const std::string& profile, const Folder& folder) {
  std::vector<std::string> files;
  for (const std::string scope : kScopesOfRuns) {
    const std::string into = folder / (profile + "-" + scope);
    REQUIRE(
        run("explore --scope " + scope + " --profile " + profile + " --witnesses " + into).code ==
        0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(into))
      if (entry.path().extension() == ".trace") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Those in which a call is stopped for another's steps.
std::vector<std::string> interleaved(const std::vector<std::string>& files, SwapKernel kernel) {
  std::vector<std::string> some;
  for (const auto& file : files) {
    if (some.size() == kEnough) break;
    const TracedRun run = load_run(file);
    // What is refused is over with its first step.
    const auto steps = std::count_if(run.trace.lines.begin(), run.trace.lines.end(),
                                     [](auto& l) { return l.kind == TraceLine::Kind::step; });
    if (steps < 8) continue;
    const DrivePlan plan = plan_drive(run, {run.trace.kernel(), kernel, {}});
    if (plan.why_not.empty() && plan.why_unanswered.empty() && plan.interleaves())
      some.push_back(file);
  }
  return some;
}

void drive_runs(const std::string& kernel, SwapKernel entries) {
  const Folder folder;
  const std::string none = folder.file("calls.txt", "trace 1\nA mmap 0-0 rw anon\nend\n");
  const Ran there = run("kernel record --kernel " + kernel + " --calls " + none);
  if (there.code == 4) {
    std::cout << there.out.substr(there.out.find("skipped for want of "));
    return;
  }
  const auto files = interleaved(runs_of(kernel, folder), entries);
  REQUIRE(files.size() == kEnough);
  std::string arguments;
  for (const auto& file : files) arguments += " " + file;
  const Ran ran = run("kernel drive --kernel " + kernel + arguments);
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("drive: 20 of 20 traces go as predicted"));
}

}  // namespace

TEST_CASE("twenty interleaved runs go in 6.12 as predicted") {
  drive_runs("6.12", SwapKernel::v6_12);
}
TEST_CASE("twenty interleaved runs go in 6.1 as predicted") { drive_runs("6.1", SwapKernel::v6_1); }
TEST_CASE("twenty interleaved runs go in 7.3 as predicted") { drive_runs("7.3", SwapKernel::v7_3); }

}  // namespace hmm
