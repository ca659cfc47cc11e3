// What a verb writes, the others read: it replays, it can be shrunk, and what is shrunk replays.
#include "tests/tools/binary.h"

namespace hmm {
namespace {

void replays_and_shrinks(const std::string& trace) {
  const Ran replayed = run("replay " + trace);
  CHECK(replayed.code == 0);
  CHECK_THAT(replayed.out, Catch::Contains(", as expected: "));
  CHECK(run("shrink " + trace + " --out " + trace + ".shrunk").code == 0);
  CHECK(run("replay " + trace + ".shrunk").code == 0);
  CHECK(shell("cat " + trace + " | $H shrink - | $H replay -").code == 0);
}

}  // namespace

TEST_CASE("a trace of every engine replays and shrinks") {
  const Folder folder;
  const std::string trace = folder / "a.trace";
  const std::string arguments = GENERATE(
      "explore --scope tiny --set commit_checks_seq=0",
      // A strengthening, and nothing else.
      "explore --scope tiny --set own_migrate_event_sets_seq=0",
      // Something is violated on the way that was not asked for.
      "random --set owner_filter=0 --scope large --seed 1 --property owner_isolation",
      "random --scope tiny --seed 3 --set invalidate_clears_mirror=0",
      "random --engine rapidcheck --scope fork --seed 1 --set finalize_restores_others=0",
      "random --engine rapidcheck --scope pair --seed 1 --set invalidate_clears_mirror=0",
      "prove --scope pair --step copy_pte_range --set fork_downgrades_private=0",
      "prove --scope fork --step copy_pte_range --drop copy_nonpresent_pte.downgrade_private",
      "prove --scope tiny --bounded 7 --set commit_checks_seq=0");
  CAPTURE(arguments);
  const Ran ran = run(arguments + " --save " + trace);
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("saved: " + trace));
  replays_and_shrinks(trace);
}

TEST_CASE("what draws break is written as the explorer writes it") {
  const Folder folder;
  const std::string arguments =
      GENERATE("--scope tiny --set zap_drops_private_rmap=0",
               "--scope fork --set finalize_restores_others=0 --property promises",
               "--scope shared --drop zap_pte_range.put_page",
               "--scope coherent --set migrate_refuses_cached=0 --property promises");
  CAPTURE(arguments);
  const auto to = [&](const char* name) { return " " + arguments + " --save " + folder / name; };
  const Ran drawn = run("random --engine rapidcheck --seed 1" + to("drawn.trace"));
  CHECK(drawn.code == 1);
  CHECK_THAT(drawn.out, Catch::Contains("; in sequence "));
  CHECK(run("explore" + to("explored.trace")).code == 1);
  CHECK(folder.text("drawn.trace") == folder.text("explored.trace"));
}

TEST_CASE("what calls break is a recording, of which conform says what they break") {
  const Folder folder;
  const std::string rules = " --set zap_drops_exclusive_ref=0 --property promises",
                    recording = folder / "linux-6.12.txt";
  const Ran drawn = run("random --engine calls --seed 1 --save " + recording + rules);
  CHECK(drawn.code == 1);
  CHECK_THAT(drawn.out, Catch::Contains(folder.text("linux-6.12.txt")));
  const Ran judged = run("conform " + recording + rules);
  CHECK(judged.code == 1);
  CHECK_THAT(judged.out, Catch::Contains(" violated after "));
  CHECK(run("conform " + recording).code == 0);
}

TEST_CASE("a replay with other rules saves what it violates") {
  const Folder folder;
  const std::string trace = folder / "a.trace", other = folder / "b.trace";
  REQUIRE(run("explore --scope tiny --set commit_checks_seq=0 --save " + trace).code == 1);
  // The rules that the trace was not made with: it diverges where the driver tries again.
  CHECK(run("replay " + trace + " --profile 6.1").code == 0);
  const std::string plain = folder.file("plain.trace", [&] {
    std::string text = folder.text("a.trace");
    text.erase(text.find("set commit"), std::string("set commit_checks_seq=0\n").size());
    text.erase(text.find("expect"));
    text.replace(text.rfind("-> ok"), 5, "");
    return text;
  }());
  CHECK(run("replay " + plain).code == 0);
  CHECK(run("replay " + plain + " --set commit_checks_seq=0 --save " + other).code == 1);
  replays_and_shrinks(other);
  CHECK(run("replay " + plain + " --set commit_checks_seq=0 --property owner_isolation").code == 0);
}

TEST_CASE("replay says what is violated as expected, of which rows") {
  const Folder folder;
  const std::string trace = folder / "a.trace";
  REQUIRE(run("explore --scope tiny --set commit_checks_seq=0 --save " + trace).code == 1);
  const std::string says =
      "violated no_stale_install, as expected: "
      "no_stale_install.no_stale_walk_was_installed: oops stale_install=1\n";
  CHECK_THAT(run("replay " + trace).out, Catch::Contains("agrees, 7 steps\n" + says));
  CHECK(run("replay -q " + trace).out == "replay: 1 traces, 0 failed\n");
  const Ran json = run("replay -q --json " + trace);
  CHECK_THAT(json.out, Catch::Contains("\"violated_as_expected\":[\"no_stale_install\","));
  CHECK_THAT(json.out, Catch::Contains("\"verdict\":\"holds\""));
}

TEST_CASE("a trace that is refused does not keep the others from being judged") {
  const std::string good = HMM_SOURCE_DIR "/traces/starts/mapped.trace";
  const Folder folder;
  const std::string bad = folder.file("bad.trace", "frobnicate\n");
  const Ran ran = run("replay -q " + bad + " " + good);
  CHECK(ran.code == 2);
  CHECK_THAT(ran.out, Catch::Contains("bad.trace:1: expected ") &&
                          Catch::Contains("replay: 1 traces, 0 failed"));
}

TEST_CASE("what is whole of a recording that was cut off is judged") {
  const Folder folder;
  const std::string whole = HMM_SOURCE_DIR "/traces/recordings/";
  const std::string cut = folder / "linux-6.12.txt";
  CHECK(shell("head -n 200 " + whole + "linux-6.12.txt | head -c -20 > " + cut).code == 0);
  const Ran ran = run("conform " + cut);
  CHECK(ran.code == 2);
  CHECK_THAT(ran.out, Catch::Contains("linux-6.12.txt:200: expected a newline") &&
                          Catch::Contains(" 0 diverge\n"));
  // What diverges there is not lost.
  CHECK(shell("sed -i '0,/-> ok cpages=1 1/s//-> ok cpages=1 0/' " + cut).code == 0);
  const Ran diverges = run("conform " + cut);
  CHECK(diverges.code == 1);
  CHECK_THAT(diverges.out, Catch::Contains(": kernel ok cpages=1 0, model ok cpages=1 1"));
}

TEST_CASE("a recording of another kernel is told") {
  const Folder folder;
  const std::string named = folder / "linux-6.1.txt", saved = folder / "c.txt";
  std::filesystem::copy(HMM_SOURCE_DIR "/traces/recordings/linux-6.12.txt", named);
  const Ran ran = run("conform --limit 1 --shrink --save " + saved + " " + named);
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("agrees with profile 6.12: is it a recording of that"));
  // What is saved is a recording, and it diverges alike.
  CHECK_THAT(run("conform --profile 6.1 " + saved).out, Catch::Contains(": kernel A page 1 t27"));
  CHECK(shell("$H conform --profile 6.12 - < " + saved).code == 0);
  CHECK(shell("$H conform --ktap --profile 6.12 --junit - - < " + saved).code == 0);
}

TEST_CASE("a recording's frames that are mapped and those of entries have no name in common") {
  const Folder folder;
  const std::string line =
      "= A -,sd t27:f0,sd f0,m1,sd -,sd | d0 00 00 00 00 | d1 00 00 00 00 | d2 00 00 00 00 | d3 00 "
      "00 00 00\n";
  refuses(
      "conform " +
          folder.file("linux-6.12.txt", "trace 1\nA mmap 0-3 rw anon -> ok\n" + line + "end\n"),
      "linux-6.12.txt:3: expected frames of entries that no present page has, found f0 of both");
}

}  // namespace hmm
