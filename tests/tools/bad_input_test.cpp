// Whatever is wrong with what hmmcheck is given, it says what it expected and exits with 2, prints
// no verdict and leaves no file behind.
#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kBinary("\177\105LF\0\0\1\2\377\n", 10);
const std::string kHead = "hmmcheck-trace 1\nscope tiny\nprofile 6.12\n";

}  // namespace

TEST_CASE("verbs and options") {
  refuses("", "VERB: expected one of those");
  refuses("frobnicate", "frobnicate");
  refuses("explore --frobnicate", "--frobnicate");
  refuses("explore tiny", "tiny");
  refuses("explore --threads 0", "--threads");
  refuses("explore --max-states many", "--max-states");
  refuses("random --steps -1", "--steps");
  refuses("random --seed x", "--seed");
  refuses("random --engine dfs", "--engine");
  refuses("random --engine rapidcheck --claims", "--claims: expected --engine walk");
  refuses("prove --timeout-ms x", "--timeout-ms");
  refuses(
      "list everything",
      "expected steps, calls, properties, profiles, switches, defects, liveness, scopes, fields or "
      "sources");
  refuses("replay", "FILE");
  refuses("check --json --ktap", "--json excludes --ktap");
  refuses("prove --encodings --bounded 3", "excludes");
  refuses("prove --encodings --scope tiny", "excludes");
}

TEST_CASE("names") {
  for (const std::string verb : {"check", "random", "explore", "prove"}) {
    refuses(verb + " --scope huge", "--scope: expected one of tiny, fork");
    refuses(verb + " --profile 9.9", "--profile: expected ");
    refuses(verb + " --set frobnicate=1", "--set: expected ");
    refuses(verb + " --set commit_checks_seq=2", "--set: expected ");
    refuses(verb + " --set commit_checks_seq", "--set: expected ");
    refuses(verb + " --property frobnicate", "--property: expected a property of");
    refuses(verb + " --drop frobnicate", "--drop: expected a rule of `hmmcheck list steps`");
    refuses(verb + " --drop zap_pte_range.put_pages", "such as zap_pte_range.put_page, ");
    refuses(verb + " --drop zap_pte_rang.put_page", "such as zap_pte_range.put_page, ");
  }
  const std::string source = HMM_SOURCE_DIR;
  refuses("replay --drop frobnicate " + source + "/traces/starts/mapped.trace", "--drop: expected");
  refuses("shrink --drop frobnicate " + source + "/traces/starts/mapped.trace", "--drop: expected");
  refuses("conform --drop frobnicate " + source + "/traces/recordings/linux-6.12.txt",
          "--drop: expected");
  refuses("prove --step frobnicate", "--step: expected a step of");
}

TEST_CASE("numbers that mean nothing, or do not fit") {
  for (const std::string seconds : {"0", "-1", "nan", "inf", "1e999", "2s", "''"})
    for (const std::string verb : {"check", "random", "explore", "prove", "replay x", "conform x"})
      refuses(verb + " --seconds " + seconds, "--seconds: expected a number of seconds above 0");
  for (const std::string count : {"0", "-1", "1.5", "18446744073709551616", "''"}) {
    refuses("random --steps " + count, "--steps: expected a number from 1 to 18446744073709551615");
    refuses("check --steps " + count, "--steps: expected ");
    refuses("explore --max-states " + count, "--max-states: expected ");
  }
  refuses("random --seed 18446744073709551616", "--seed: expected a number from 0 to");
  refuses("check --seed 18446744073709551616", "--seed: expected a number from 0 to");
  refuses("prove --timeout-ms 4294967296", "--timeout-ms: expected a number from 1 to 4294967295");
  refuses("prove --bounded 4294967296", "--bounded: expected ");
}

TEST_CASE("what is misspelt comes with what may be meant") {
  refuses("explor", "(did you mean explore?), found explor");
  refuses("explore --scoep tiny", "(did you mean --scope?), found --scoep");
  refuses("replay --drp x", "(did you mean --drop?)");
  refuses("explore --scope tyni", "(did you mean tiny?), found tyni");
  refuses("explore --profile 6.21", "(did you mean 6.1?), found 6.21");
  refuses("explore --set owner_filtr=0", "(did you mean owner_filter?), found owner_filtr");
  refuses("explore --property no_leek", "(did you mean no_leak?), found no_leek");
  refuses("prove --step cpu_laod", "(did you mean cpu_load?), found cpu_laod");
  refuses("list scops", "(did you mean scopes?), found scops");
  refuses("help trcae", "(did you mean trace?), found trcae");
  refuses("completion zsh", "completion: expected bash, found zsh");
  const Folder folder;
  refuses("replay " + folder.file("a.trace", kHead + "cpu_laod mm=0 vpn=0\n"),
          "a.trace:4: expected a step of hmmcheck list (did you mean cpu_load?), found cpu_laod");
  // What is like nothing is nothing misspelt.
  CHECK(run("frobnicate").out.find("did you mean") == std::string::npos);
}

TEST_CASE("a name is given once") {
  refuses("explore --set owner_filter=0 --set owner_filter=1", "--set: expected owner_filter once");
  refuses("explore --drop munmap.mmap_lock --drop munmap.mmap_lock",
          "--drop: expected munmap.mmap_lock once");
}

TEST_CASE("scopes that an engine cannot do") {
  refuses("explore --scope large", "--scope: expected a scope small enough to explore");
  refuses("prove --scope pages", "--scope: expected a scope that proofs are built for");
  refuses("diff 6.12 6.1 --prove pages", "--prove: expected a scope that proofs are built for");
  refuses("diff 6.12 6.1 --prove tinyy", "--prove: expected one of tiny, ");
  refuses("prove --bounded 3 --scope pages", "--scope: expected a scope that proofs are built for");
  refuses("random --engine calls --scope tiny", "--scope: expected none with --engine calls");
  refuses("random --engine rapidcheck --scope x", "--scope: expected one of tiny");
}

TEST_CASE("profiles that are files") {
  const Folder folder;
  refuses("explore --profile " + folder / "none.toml", "none.toml");
  refuses("explore --profile " + folder.file("a.toml", "name = \"a\nx"), "a.toml:2: expected ");
  refuses("explore --profile " + folder.file("b.toml", "base = \"6.12\"\n[switches]\nx = 1\n"),
          "b.toml:");
  refuses("explore --profile " + folder.file("d.toml", "base = \"6.12\"\nname = \"6.12\"\n"),
          "d.toml:1: expected a name that no shipped profile has, found 6.12");
  refuses("explore --profile " + folder.file("e.toml", "base = \"6.12\"\nname = \"a\\nb\"\n"),
          "e.toml:2: expected name = a line of text");
  refuses("explore --profile " + folder.file("f.toml", "base = \"6.12\"\nbreaks = [\"no_leek\"]\n"),
          "f.toml: expected breaks = names of");
  refuses("replay " + folder.file("t.trace", "hmmcheck-trace 1\nscope tiny\nprofile none.toml\n"),
          "t.trace:3: expected a profile file to read, found ");
  refuses("explore --profile " + folder.file("c.toml", std::string("\0\xff\x7f", 3)), "c.toml:");
}

TEST_CASE("traces") {
  const Folder folder;
  const auto bad = [&](const std::string& text, const std::string& message) {
    const std::string file = folder.file("t.trace", text);
    refuses("replay " + file, "t.trace" + message);
    refuses("shrink " + file, "t.trace" + message);
  };
  bad("", ":1: expected hmmcheck-trace 1, found the end of the file");
  bad("hmmcheck-trace 1\nscope tiny\n", ":3: expected profile, found ");  // truncated
  bad(kHead + "cpu_load mm=0", ":4: expected ");
  bad(kBinary, ":1: expected UTF-8 text");
  bad("hmmcheck-trace 1\nscope huge\nprofile 6.12\n", ":2: expected ");
  bad("hmmcheck-trace 1\nscope tiny\nprofile 9.9\n", ":3: expected ");
  bad(kHead + "set frobnicate=1\n", ":4: expected ");
  bad(kHead + "frobnicate mm=0\n", ":4: expected ");
  bad(kHead + "cpu_load mm=0 vpn=0\ncpu_load mm=1 vpn=0\n", ":5: expected ");
  bad(kHead + "cpu_load mm=0 vpn=0 -> frobnicated\n", ":4: expected ");
  bad(kHead + "given page pfn=1 contents=9\n", ":4: expected ");
  bad(kHead + "expect violated frobnicate\n", ":4: expected ");
  bad("\xef\xbb\xbf" + kHead, ":1: expected UTF-8 text without a byte order mark, found one");
  bad("trace 1\n", ":1: expected hmmcheck-trace 1 (a recording is for `hmmcheck conform`)");
  bad(kHead + "cpu_load mm=0 vpn=0  -> no_free_page\n",
      ":4: expected a verdict of cpu_load (ok, not_alive, needs_fault), found no_free_page");
  bad(kHead + "expect no_leak\n", ":4: expected violated no_leak, or a row of a table");
  bad(kHead + "cpu_load mm=0 vpn=1\n", ":4: expected vpn=0, as the scope has one, found vpn=1");
  refuses("replay " + folder.file("empty.trace", kHead),
          "empty.trace: expected a step or an expect line, found neither");
  refuses("replay " + folder / "none.trace", "none.trace: expected a file to read");
  refuses("replay /", "/: expected a file to read, found Is a directory");
  refuses("replay /dev/zero", "/dev/zero: expected at most 16 MiB");
  refuses("shrink " + folder.file("holds.trace", kHead + "cpu_load mm=0 vpn=0\n"),
          "holds.trace: expected a trace that violates a property");
}

TEST_CASE("recordings") {
  const Folder folder;
  const auto bad = [&](const std::string& text, const std::string& message) {
    refuses("conform " + folder.file("linux-6.12.txt", text), "linux-6.12.txt" + message);
  };
  bad("", ":1: expected ");
  bad("frobnicate\n", ":1: expected ");
  bad(kBinary, ":1: expected ");
  bad("hmmcheck-trace 1\n", ":1: expected trace SEED (a trace is for `hmmcheck replay`)");
  refuses("conform " + folder / "none.txt", "none.txt: expected a file to read");
  refuses("conform " + folder.file("mine.txt", ""), "expected a name such as linux-6.12.txt");
  refuses("conform " + folder / "linux-6.1.txt", "linux-6.1.txt: expected a file to read");
}

TEST_CASE("swap entries") {
  const std::string encode = "swap encode --kernel 6.12 ";
  refuses("swap decode --kernel 9.9 0x0", "--kernel: expected v16, 4.14");
  refuses("swap decode --kernel 6.12 --config frobnicate 0x0", "--config: expected ");
  refuses("swap decode --kernel 6.12 frobnicate", "expected a number of at most 64 bits");
  refuses("swap decode --kernel 6.12 0x10000000000000000", "expected a number of at most 64 bits");
  refuses("swap decode --kernel 6.12 --physmem-bits 40 0x0", "--physmem-bits: expected ");
  refuses(encode + "--type SWP_FROBNICATE --offset 1", "--type: expected ");
  refuses(encode + "--type 32 --offset 1", "--type: expected less than ");
  refuses(encode + "--type 0 --offset 0x4000000000000", "--offset: expected at most ");
}

TEST_CASE("files that cannot be written") {
  const Folder folder;
  const std::string trace = folder.file("t.trace", kHead +
                                                       "set commit_checks_seq=0\n"
                                                       "given mm mm=0 alive=1\n"
                                                       "given mirror device=0 mm=0 vpn=0 valid=1 "
                                                       "pfn=1\n");
  const auto before = folder.files();
  refuses("shrink " + trace + " --out " + folder / "none/out.trace",
          "out.trace: expected a file that can be written");
  for (const std::string verb : {"check", "random", "explore", "prove"})
    refuses(verb + " --scope tiny --junit " + folder / "none/out.xml",
            "out.xml: expected a file that can be written");
  refuses("replay " + trace + " --junit " + folder / "none/out.xml",
          "out.xml: expected a file that can be written");
  refuses("explore --scope tiny --set commit_checks_seq=0 --save " + folder / "none/out.trace",
          "out.trace: expected a file that can be written");
  refuses("explore --scope tiny --junit " + folder.path(), "found Is a directory");
  refuses("explore --scope tiny --witnesses " + trace, "--witnesses: expected a folder");
  refuses("explore --scope tiny --save " + trace + "/", "--save: expected a folder");
  CHECK(folder.files() == before);
}

}  // namespace hmm
