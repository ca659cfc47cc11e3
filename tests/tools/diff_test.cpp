// What one kernel does otherwise than another: which steps, which promises, which recorded calls.
#include "tests/tools/binary.h"
#include "tools/runs/report.h"

namespace hmm {
namespace {

void says(const Ran& ran, int code, const std::vector<std::string>& lines) {
  INFO(ran.out);
  CHECK(ran.code == code);
  for (const auto& line : lines) CHECK_THAT(ran.out, Catch::Contains(line));
}

}  // namespace

TEST_CASE("a kernel and itself are the same, by proof") {
  says(run("diff 6.12 6.12"), 0,
       {"proved: 55 of 55 steps are the same in every state of pair",
        "diff 6.12 -> 6.12: the same, proved, 0 ways at"});
}

TEST_CASE("what a switch decides is found with the promise that it breaks") {
  says(run("diff 6.12 --set owner_filter=0"), 1,
       {"; not hmm_range_fault, migrate_vma_collect",
        "step hmm_range_fault: ", "promise newly broken: owner_isolation",
        "expect violated owner_isolation", "diff 6.12 -> 6.12 with owner_filter=0: they differ"});
}

TEST_CASE("the other way round the promise is mended") {
  const Folder folder;
  const std::string broken =
      folder.file("broken.toml", "base = \"6.12\"\n[switches]\ncommit_checks_seq = false\n");
  says(run("diff --scope tiny --prove '' 6.12 " + broken), 1,
       {"step mmu_interval_read_retry: retry -> ok", "newly broken: no_stale_install"});
  const Ran mended = run("diff --scope tiny --prove '' " + broken + " 6.12");
  says(mended, 1, {"step mmu_interval_read_retry: ok -> retry", "mended: no_stale_install"});
  CHECK_THAT(mended.out, !Catch::Contains("newly broken"));
}

TEST_CASE("what a scope has none of makes no difference there") {
  says(run("diff 6.12 --set owner_filter=0 --scope tiny --prove tiny"), 0,
       {"the same, proved, 0 ways"});
  says(run("diff 6.12 --set owner_filter=0 --scope tiny --prove ''"), 0,
       {"the same at the scopes that were explored"});
}

TEST_CASE("a difference that no search comes by is proved and said") {
  says(run("diff 6.12 --set owner_filter=0 --scope tiny"), 1, {"they differ, 0 ways"});
}

TEST_CASE("recorded calls come out differently") {
  const Ran ran =
      run("diff 6.12 --drop zap_pte_range.clear_pte --scope tiny --prove '' --recording "
          "traces/recordings/held/linux-6.12.txt --json");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("\"recorded\":"));
}

TEST_CASE("what was stopped says neither that they are the same nor that they differ") {
  says(run("diff 6.12 6.12 --seconds 0.01"), kUndecided, {"not to the end: ", "--seconds 0.01"});
  // While calls are compared.
  std::string recordings;
  for (int i = 0; i < 60; ++i) recordings += " --recording traces/recordings/linux-6.12.txt";
  says(run("diff 6.12 6.12 --scope moves --prove '' --seconds 2" + recordings), kUndecided,
       {"--seconds 2", "could not decide"});
}

TEST_CASE("sides that are none are refused") {
  refuses("diff 6.12", "B: expected another profile, or --set, --drop or --mutate");
  refuses("diff 6.13 6.12", "A: expected");
  refuses("diff 6.12 6.13", "B: expected");
  refuses("diff 6.12 --drop no.rule", "--drop: expected a rule");
  refuses("diff 6.12 --mutate no", "--mutate: expected STEP:TABLE.FIELD+1");
  refuses("diff 6.12 --drop munmap.no_vma --drop munmap.no_vma", "munmap.no_vma once");
  refuses("diff 6.12 6.1 --seconds nan", "a number of seconds above 0");
  refuses("diff 6.12 6.1 --scope large", "--scope: expected a scope small enough to explore");
  refuses("diff 6.12 6.1 --prove pages", "--scope: expected a scope that proofs are built for");
}

}  // namespace hmm
