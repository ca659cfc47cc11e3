// Whatever is wrong with what hmmcheck is given, it says what it expected and exits with 2, prints
// no verdict and leaves no file behind.
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace hmm {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int code = -1;
  std::string out;  // standard output and error
};

// `before` is a shell's command.
Ran run(const std::string& arguments, const std::string& before = ":") {
  Ran ran;
  const std::string command = before + "; " + HMM_HMMCHECK + " " + arguments + " 2>&1";
  std::FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), pipe))
    ran.out.append(some.data(), n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

void refuses(const std::string& arguments, const std::string& message) {
  CAPTURE(arguments);
  const Ran ran = run(arguments);
  CHECK(ran.code == 2);
  CHECK(ran.out.rfind("hmmcheck: ", 0) == 0);
  CHECK_THAT(ran.out, Catch::Contains(message));
  // One line: no usage text, and no verdict or table before it.
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 1);
}

// A folder that is gone with the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("hmmcheck-bad-input-" + std::to_string(getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

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
  refuses("prove --timeout-ms x", "--timeout-ms");
  refuses("list everything",
          "expected steps, calls, properties, profiles, switches, defects or scopes");
  refuses("replay", "FILE");
  refuses("check --json --ktap", "--json excludes --ktap");
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
    refuses(verb + " --drop zap_pte_range.put_pages", "such as zap_pte_range.not_in_flight, ");
    refuses(verb + " --drop zap_pte_rang.put_page", "such as zap_pte_range.put_page, ");
  }
  const std::string source = HMM_SOURCE_DIR;
  refuses("replay --drop frobnicate " + source + "/traces/starts/mapped.trace", "--drop: expected");
  refuses("shrink --drop frobnicate " + source + "/traces/starts/mapped.trace", "--drop: expected");
  refuses("conform --drop frobnicate " + source + "/traces/recordings/linux-6.12.txt",
          "--drop: expected");
  refuses("prove --step frobnicate", "--step: expected a step of");
}

TEST_CASE("scopes that an engine cannot do") {
  refuses("explore --scope large", "--scope: expected a scope small enough to explore");
  refuses("prove --scope pages", "--scope: expected a scope that proofs are built for");
  refuses("prove --bounded 3 --scope pages", "--scope: expected a scope that proofs are built for");
  refuses("random --scope pages", "--scope: expected a scope that walks are built for");
}

TEST_CASE("profiles that are files") {
  const Folder folder;
  refuses("explore --profile " + folder / "none.toml", "none.toml");
  refuses("explore --profile " + folder.file("a.toml", "name = \"a\nx"), "a.toml:2: expected ");
  refuses("explore --profile " + folder.file("b.toml", "base = \"6.12\"\n[switches]\nx = 1\n"),
          "b.toml:");
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
  const std::size_t before = folder.files();
  refuses("shrink " + trace + " --out " + folder / "none/out.trace",
          "out.trace: expected a file that can be written");
  for (const std::string verb : {"check", "random", "explore", "prove"})
    refuses(verb + " --scope tiny --junit " + folder / "none/out.xml",
            "out.xml: expected a file that can be written");
  refuses("replay " + trace + " --junit " + folder / "none/out.xml",
          "out.xml: expected a file that can be written");
  refuses("explore --scope tiny --set commit_checks_seq=0 --save " + folder / "none/out.trace",
          "out.trace: expected a file that can be written");
  CHECK(folder.files() == before);
}

// Under AddressSanitizer no program has few addresses.
#ifndef HMM_SANITIZE
TEST_CASE("a search that runs out of memory could not decide") {
  const Ran ran = run("explore --scope default", "ulimit -v 400000");
  CHECK(ran.code == 3);
  CHECK_THAT(ran.out, Catch::Contains("hmmcheck: could not decide: "));
}
#endif

}  // namespace hmm
