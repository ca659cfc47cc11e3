// `hmmcheck liveness`, and traces of what never ends.
#include "model/scopes.h"
#include "tests/tools/binary.h"
#include "traces/want_text.h"

namespace hmm {
namespace {

const std::string kKept = HMM_SOURCE_DIR "/traces/museum/NOT-14/bug.trace";

}  // namespace

TEST_CASE("a hang is told, saved, and replays") {
  const Folder folder;
  const Ran ran = run("liveness --scope returns --profile 6.12 --save " + (folder / "t"));
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("known hang faults_keep_each_other_from_migrating: "));
  CHECK_THAT(ran.out, Catch::Contains("\ncpu_accesses_end: hangs after 10 steps: "
                                      "cpu mm=0 vpn=0 write=0, a cycle of 15 steps\n"));
  CHECK_THAT(ran.out, Catch::Contains("\ncycle\n"));
  const Ran replayed = run("replay -q " + (folder / "t"));
  CHECK(replayed.code == 0);
  const Ran holds = run("liveness --scope returns --profile 7.3");
  CHECK(holds.code == 0);
  CHECK_THAT(holds.out, Catch::Contains("\ncpu_accesses_end: holds, 2 asked\n"));
  CHECK_THAT(holds.out, Catch::Contains("\nevictions_end: skipped: the scope has nobody"));
}

TEST_CASE("hangs in every form") {
  const Ran json = run("liveness --scope crowd --profile 6.12 --json --save /dev/null");
  CHECK(json.code == 1);
  CHECK_THAT(json.out, Catch::Contains("\"claim\":\"cpu_accesses_end\""));
  CHECK_THAT(json.out, Catch::Contains("\"cycle\":"));
  const Ran ktap = run("liveness --scope crowd --profile 7.3 --ktap");
  CHECK_THAT(ktap.out, Catch::Contains("1..7\n"));
  CHECK_THAT(ktap.out, Catch::Contains("ok 2 liveness crowd cpu_accesses_end"));
  CHECK_THAT(ktap.out, Catch::Contains("# SKIP"));
}

TEST_CASE("what is claimed to end is listed, and what is known not to") {
  const Ran ran = run("list liveness");
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("cpu_accesses_end         a CPU that tries again gets"));
  CHECK_THAT(ran.out,
             Catch::Contains("breaks cpu_accesses_end at returns; in 6.1, 6.12; mended by"));
  const Ran json = run("list liveness --json");
  CHECK_THAT(json.out, Catch::Contains("\"mended_by\":\"exclusive_keeps_rmap\""));
  CHECK_THAT(run("help trace").out, Catch::Contains("expect hangs cpu mm=0"));
}

TEST_CASE("a hang goes through ITF with its loop, and its page says that it hangs") {
  const Folder folder;
  const Ran itf = run("replay --export itf " + kKept);
  CHECK(itf.code == 0);
  CHECK_THAT(itf.out, Catch::Contains("\"hangs\":\"device device=0"));
  CHECK_THAT(itf.out, Catch::Contains("\n\"loop\": "));
  const std::string there = folder.file("a.itf.json", itf.out);
  CHECK(run("replay --export itf " + there).out == itf.out);
  const Ran replayed = run("replay -q --json " + there);
  CHECK(replayed.code == 0);
  const auto spoilt = [&](const std::string& loop) {
    std::string text = itf.out;
    const auto at = text.find("\n\"loop\": ");
    return folder.file("b.itf.json", text.substr(0, at) + "\n\"loop\": " + loop + "}\n");
  };
  refuses("replay -q " + spoilt("1000"), "expected a loop to a state before the last, found 1000");
  refuses("replay -q " + spoilt("\"1\""),
          "expected a loop to a state before the last, found \"1\"");
  refuses("replay -q " + spoilt("0"), "expected the state in which the cycle began, found ");
  CHECK(run("replay -q --html " + (folder / "t.html") + " " + kKept).code == 0);
  std::ifstream page(folder / "t.html");
  std::stringstream all;
  all << page.rdbuf();
  CHECK_THAT(all.str(), Catch::Contains("hangs, as expected"));
}

TEST_CASE("a search for hangs that gives up is no pass") {
  CHECK(run("liveness --scope tiny --max-states 1000").code == 3);
  CHECK(run("liveness --scope coherent --seconds 0.01").code == 3);
}

TEST_CASE("as many want something as are asked about at once, and no more") {
  const Wants possible = wants_of(scope_at("large"));
  std::vector<Want> wants;
  for (const auto& want : possible)
    if (wants.size() < kMostWants) wants.push_back(want);
  CHECK(parse_wants(possible, print_wants(wants), {"t", 1}).size() == kMostWants);
  REQUIRE(possible.count > kMostWants);
  wants.push_back(possible.want[kMostWants]);
  CHECK_THROWS_WITH(parse_wants(possible, print_wants(wants), {"t", 1}),
                    Catch::StartsWith("t:1: expected at most 32 who want something, found "));
}

TEST_CASE("what is no scope for it, or no cycle, is refused") {
  refuses("liveness --scope nowhere", "--scope: expected ");
  refuses("liveness --scope large", "--scope: expected ");
  const Folder folder;
  const auto with = [&](const std::string& from, const std::string& to) {
    std::ifstream in(kKept);
    std::stringstream all;
    all << in.rdbuf();
    std::string text = all.str();
    const auto at = text.find(from);
    REQUIRE(at != text.npos);
    folder.file("t", text.replace(at, from.size(), to));
    return folder / "t";
  };
  refuses("replay " + with("cycle\n", "cycle of 1\n"), "expected cycle by itself, found of 1");
  refuses("replay " + with("cycle\n", "cycle\ncycle\n"), "expected cycle once, found it twice");
  refuses("replay " + with("expect hangs", "# expect hangs"),
          "expected expect hangs after the steps of a cycle, found none");
  refuses("replay " + with("hangs device", "hangs devise"), "(did you mean device device=0");
  refuses("replay " + with("expect hangs ",
                           "expect hangs device device=0 mm=0 vpn=0 write=0, "
                           "device device=0 mm=0 vpn=0 write=0, "),
          "expected everybody who wants something once, found device device=0");
  // Where the run was a step before is not where it comes back to.
  const std::string moved = with("mmu_notifier_invalidate_range_end slot=0",
                                 "cycle\nmmu_notifier_invalidate_range_end slot=0");
  std::ifstream in(moved);
  std::string line, text;
  bool seen = false;
  while (std::getline(in, line)) {
    if (line == "cycle" && seen) continue;
    seen = seen || line == "cycle";
    text += line + "\n";
  }
  folder.file("t", text);
  refuses("replay -q " + (folder / "t"), "expected the state in which the cycle began, found ");
}

TEST_CASE("a hang that is none is said to be none") {
  const Folder folder;
  folder.file("t",
              "hmmcheck-trace 1\nscope tiny\nprofile 6.12\n"
              "mmu_interval_read_begin slot=0 device=0 mm=0 vpn=0 write=0\nexpect hangs\n");
  const Ran ran = run("replay -q " + (folder / "t"));
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains(":5: expected hangs, found that something goes on"));
}

}  // namespace hmm
