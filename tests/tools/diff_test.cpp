// What one kernel does otherwise than another: which steps, which promises, which recorded calls.
#include "tests/tools/binary.h"
#include "tools/runs/kernel_diff.h"
#include "tools/runs/report.h"
#include "traces/profile_file.h"

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
       {" steps are the same in every state of large or ", " that has every property\n",
        "diff 6.12 -> 6.12: the same, proved at large or "});
}

TEST_CASE("a kernel is the same as itself, whatever it breaks") {
  for (const char* name : {"v16", "4.14", "6.1", "6.12", "7.3"}) {
    CAPTURE(name);
    for (const char* defects : {"", " --defects"}) {
      const Ran ran =
          run(std::string("diff ") + name + " " + name + " --scope tiny --prove ''" + defects);
      says(ran, 0, {"the same at the scopes that were explored"});
      CHECK_THAT(ran.out, !Catch::Contains("promise "));
    }
  }
}

TEST_CASE("a bug beside another one mends nothing") {
  const Folder folder;
  const std::string broken =
      folder.file("broken.toml", "base = \"6.12\"\n[switches]\ncommit_checks_seq = false\n");
  const Ran ran = run("diff " + broken +
                      " --set fork_downgrades_private=0 --scope tiny --scope fork --prove ''");
  says(ran, 1, {"promise newly broken: rights_never_grow"});
  CHECK_THAT(ran.out, !Catch::Contains("mended"));
}

TEST_CASE("what breaks in one kernel is known of the other where its search ended") {
  const auto of = [](bool ended_there, bool ended_elsewhere) {
    KernelDiff d;
    d.broken_in_a = {{"tiny", 1, {}}, {"fork", 1, {}}, {"fork", 2, {}}};
    d.broken_in_b = {{"fork", 2, {}}, {"fork", 4, {}}};
    d.searched = {{"tiny", true, ended_there}, {"fork", true, ended_elsewhere}};
    return d;
  };
  for (const bool there : {false, true})
    for (const bool elsewhere : {false, true}) {
      CAPTURE(there, elsewhere);
      const KernelDiff d = of(there, elsewhere);
      REQUIRE(d.newly_broken().size() == 1);
      CHECK(d.newly_broken().front().promise == 4);
      CHECK(d.mended().size() == (there || elsewhere ? 1 : 0));
      CHECK(d.not_known().size() == (there || elsewhere ? 0 : 1));
      if (!d.mended().empty()) CHECK(d.mended().front().scope == (there ? "tiny" : "fork"));
    }
  KernelDiff cut = of(true, true);
  cut.searched.back().a = false;
  CHECK(cut.newly_broken().empty());
  REQUIRE(cut.not_known().size() == 1);
  CHECK(cut.not_known().front().in_b);
}

TEST_CASE("a search that is cut off mends nothing and breaks nothing newly") {
  const Ran ran =
      run("diff 4.14 --set invalidate_at_start=1 --scope tiny --scope fork --prove '' "
          "--seconds 0.3");
  CHECK((ran.code == 1 || ran.code == 3));
  CHECK_THAT(ran.out, Catch::Contains("not to the end: "));
  CHECK_THAT(ran.out, !Catch::Contains("promise mended"));
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
  for (const char* prove : {"tiny", "''"}) {
    const Ran ran =
        run(std::string("diff 6.12 --set owner_filter=0 --scope tiny --prove ") + prove);
    says(ran, kUndecided, {"could not decide, 0 ways", "neither proved nor explored: dup_mmap, "});
    CHECK_THAT(ran.out, !Catch::Contains("the same,"));
  }
}

TEST_CASE("what is the same in every step may still hang") {
  struct Policy {
    const char *name, *claim, *scope;
  };
  for (const auto& [name, claim, scope] :
       {Policy{"driver_gives_pages_back", "cpu_accesses_end", "tiny"},
        Policy{"worker_passes_over_failures", "device_accesses_end", "worker"},
        Policy{"holder_lets_go", "removals_end", "lives"},
        Policy{"driver_empties_memory", "removals_end", "lives"}})
    says(run(std::string("diff 7.3 --scope tiny --set ") + name + "=0"), 1,
         {"they differ in what ends, 0 ways", std::string("promise newly broken: ") + claim,
          std::string("\n  at ") + scope + ", hangs after "});
  // Of steps that differ it is asked where that takes no time.
  says(run("diff 6.12 --set fault_locks_page=1 --scope tiny --prove ''"), 1,
       {"promise mended: cpu_accesses_end", "what ends was asked at crowd, waiters; --ends "});
  says(run("diff 6.12 --set rmap_finds_private=0 --scope fork --prove '' --ends"), 1,
       {"promise newly broken: cpu_accesses_end", "\n  at faults, hangs after 14 steps"});
}

TEST_CASE("steps that are the same say nothing of recorded calls") {
  const std::string flip = "diff 6.12 --set dmirror_update_end_inclusive=0 --scope moves";
  says(run(flip), 0, {"recorded calls were not compared", ": the same in every step, proved at "});
  says(run(flip + " --recording traces/recordings/linux-6.12.txt"), 1,
       {"linux-6.12.txt: 14 of the recorded traces come out differently\n",
        "they differ in recorded calls"});
  // What one of the two does not know is not the same.
  says(run("diff 6.12 --set commit_holds_lock=0 --scope tiny --prove '' --recording "
           "traces/recordings/linux-6.12.txt"),
       1, {"; of 400, 0 end at a call that A does not know, and 294 at one that B does not"});
}

TEST_CASE("a difference that no search comes by is proved and said") {
  says(run("diff 6.12 --set owner_filter=0 --scope tiny"), 1, {"they differ, 0 ways"});
}

TEST_CASE("all that 6.1 and 6.12 differ in shows in recordings, and in steps or beside them") {
  std::string recordings;
  for (const char* folder : {"", "held/", "other-seeds/"})
    recordings += std::string(" --recording traces/recordings/") + folder + "linux-6.1.txt";
  const Profile a = load_profile("6.1"), b = load_profile("6.12");
  unsigned switches = 0;
  for (const auto& one : kSwitches) {
    if (a.*one.at == b.*one.at) continue;
    ++switches;
    CAPTURE(one.name);
    const Ran ran = run("diff 6.1 --set " + std::string(one.name) + (b.*one.at ? "=1" : "=0") +
                        " --scope moves" + recordings);
    CHECK(ran.code == 1);
    // No kernel that is recorded has swap, and the scope has none.
    const bool is_of_swap = one.name == std::string_view("swapin_maps_writable") ||
                            one.name == std::string_view("migrate_frees_swap");
    CHECK((ran.out.find("\ncall traces/recordings/") == ran.out.npos) == is_of_swap);
    // The state does not know which vmas may merge by the accounts that they have.
    const bool is_beside = one.name == std::string_view("mprotect_returns_account");
    CHECK((ran.out.find("\nstep ") == ran.out.npos) == is_beside);
  }
  CHECK(switches == 6);
}

TEST_CASE("recorded calls come out differently") {
  const Ran ran =
      run("diff 6.12 --drop zap_pte_range.clear_pte --scope tiny --prove '' --recording "
          "traces/recordings/held/linux-6.12.txt --json");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("\"recorded\":"));
}

TEST_CASE("recorded calls come out differently whichever kernel comes first") {
  const std::string rest = " --scope tiny --prove '' --recording traces/recordings/";
  for (const char* recording : {"held/linux-6.12.txt", "linux-6.12.txt", "held/linux-6.1.txt"}) {
    CAPTURE(recording);
    const auto count = [&](const std::string& kernels) {
      const std::string out = run("diff " + kernels + rest + recording).out;
      const std::size_t end = out.find(" of the recorded traces come out differently");
      REQUIRE(end != out.npos);
      const std::size_t begin = out.rfind(' ', end - 1) + 1;
      return out.substr(begin, end - begin);
    };
    const std::string there = count("6.1 6.12");
    CHECK(there == count("6.12 6.1"));
    CHECK(there != "0");
  }
}

TEST_CASE("what cannot be asked is said before anything is searched") {
  const Folder folder;
  const std::string garbage = folder.file("linux-6.12.txt", "no recording\n");
  for (const std::string& file : {std::string("nosuch-6.12.txt"), garbage}) {
    const Ran ran = run("diff 6.12 6.1 --recording " + file);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.out, !Catch::Contains("proved: ") && !Catch::Contains("first difference"));
  }
  CHECK(run("diff 6.12 rules:one --rules two").code == 2);
}

TEST_CASE("what was stopped says neither that they are the same nor that they differ") {
  says(run("diff 6.12 6.12 --seconds 0.01"), kUndecided, {"not to the end: ", "--seconds 0.01"});
  for (const char* signal : {"INT", "TERM"}) {
    const Ran ran = shell(std::string("timeout -s ") + signal + " 0.5 $H diff 6.12 6.12");
    CAPTURE(ran.out);
    CHECK_THAT(ran.out, Catch::Contains(std::string(" (SIG") + signal + ")\n") &&
                            Catch::Contains("could not decide") && !Catch::Contains(": the same"));
  }
  // While calls are compared.
  std::string recordings;
  for (int i = 0; i < 60; ++i) recordings += " --recording traces/recordings/linux-6.12.txt";
  says(run("diff 6.12 6.12 --scope moves --prove '' --seconds 2" + recordings), kUndecided,
       {"--seconds 2", "could not decide"});
}

TEST_CASE("the first difference is told as soon as it is found, with what either kernel changes") {
  says(run("diff 6.12 --set fault_takes_page_ref=0 --scope tiny --prove ''"), 1,
       {"first difference found, after 10 steps at tiny: do_swap_page: ok, to another state\n",
        "    A -> ok\n      page pfn=2:       refcount 2 -> 3\n", "    B -> ok\n"});
}

TEST_CASE("every difference has a run of its own on request") {
  const std::string command = "diff 6.1 6.12 --scope moves --scope fork --prove ''";
  const auto runs = [&](const Ran& ran) {
    std::size_t n = 0;
    for (std::size_t at = 0; (at = ran.out.find("\n    A -> ", at)) != ran.out.npos; ++at) ++n;
    return n;
  };
  const Ran all = run(command + " --all");
  INFO(all.out);
  std::size_t steps = 0;
  for (std::size_t at = 0; (at = all.out.find("\nstep ", at)) != all.out.npos; ++at) ++steps;
  CHECK(steps > 1);
  CHECK(runs(all) == steps + 1);  // and the first, which is told at once
  CHECK(runs(run(command)) == 1);
}

TEST_CASE("two kernels go on until a program sees what differs") {
  // A page that the CPU has lost, and the device still writes.
  says(
      run("diff 6.12 --set commit_checks_seq=0 --scope tiny --prove '' --until observed"), 1,
      {"observed: what cpu_load returns differs: contents 0 in A, contents 1 in B, after 9 steps"});
  says(run("diff 6.12 --drop migrate_device_finalize.unlock_src --scope tiny --prove '' "
           "--until observed"),
       1, {"observed: "});
  says(run("diff 6.12 6.12 --scope tiny --prove '' --until observed"), 0,
       {"observed: no search came by a difference to go on from"});
  refuses("diff 6.12 6.1 --until seen", "--until");
}

TEST_CASE("the whole answer is a text for mail, or a page") {
  const Folder folder;
  const std::string command =
      "diff 6.12 --set owner_filter=0 --scope devices --until observed --recording "
      "traces/recordings/linux-6.12.txt --report ";
  CHECK(run(command + folder / "answer.md").code == 1);
  const std::string mail = folder.text("answer.md");
  CHECK_THAT(mail, Catch::StartsWith("# hmmcheck diff: 6.12 -> 6.12 with owner_filter=0\n"));
  for (const char* part :
       {"## Steps that go another way", "### hmm_range_fault", "## Promises",
        "### Newly broken: owner_isolation", "## What a program sees", "## Recorded calls",
        "\n    hmmcheck diff 6.12 --set owner_filter=0 --scope devices"})
    CHECK_THAT(mail, Catch::Contains(part));
  std::istringstream lines(mail);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 75);
  CHECK(run(command + folder / "answer.html").code == 1);
  const std::string page = folder.text("answer.html");
  CHECK_THAT(page, Catch::StartsWith("<!DOCTYPE html>") && Catch::EndsWith("</html>\n"));
  CHECK_THAT(page, Catch::Contains("<td class=\"changed\">") && !Catch::Contains("<script") &&
                       !Catch::Contains("http"));
  refuses("diff 6.12 6.1 --report /nowhere/answer.md", "/nowhere/answer.md");
}

// What comes after may not end: a leak goes on for ever.
TEST_CASE("a promise that broke at one scope bounds what comes after it at the next") {
  const Ran ran = shell(
      "timeout 60 $H diff 6.12 --drop zap_pte_range.put_page --scope tiny --scope fork --prove ''");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("promise newly broken: no_leak"));
  CHECK_THAT(ran.out, Catch::Contains("not to the end: fork"));
}

TEST_CASE("sides that are none are refused") {
  refuses("diff 6.12", "B: expected another profile, or --set, --drop, --mutate or --rules");
  refuses("diff 6.12 rules:", "B: expected a build of tools/rules");
  refuses("diff 6.12 rules:../rules", "B: expected a build of tools/rules");
  refuses("explore --scope tiny --rules no-such-build", "--rules: expected a build of tools/rules");
  refuses("random --rules no-such-build", "--rules: expected");
  refuses("check --rules no-such-build", "--rules: expected none");
  refuses("diff 6.13 6.12", "A: expected");
  refuses("diff 6.12 6.13", "B: expected");
  refuses("diff 6.12 --drop no.rule", "--drop: expected a rule");
  refuses("diff 6.12 --mutate no", "--mutate: expected STEP:TABLE.FIELD+1");
  refuses("diff 6.12 --drop munmap.no_vma --drop munmap.no_vma", "munmap.no_vma once");
  refuses("diff 6.12 6.1 --seconds nan", "a number of seconds above 0");
  refuses("diff 6.12 6.1 --scope large", "--scope: expected a scope small enough to explore");
  refuses("diff 6.12 6.1 --prove pages", "--prove: expected a scope that proofs are built for");
}

}  // namespace hmm
