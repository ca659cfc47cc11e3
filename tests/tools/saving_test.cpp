// A verdict is known whatever becomes of the file that its run goes to.
#include <sys/stat.h>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kViolates = "$H explore --scope tiny --set commit_checks_seq=0 ";
const std::string kName = "hmmcheck-explore-tiny.trace";
const std::string kEnd = "expect violated no_stale_install\nexpect violated sequence_protocol\n";

bool is_whole(const std::string& trace) {
  return trace.starts_with("hmmcheck-trace 1\n") && trace.ends_with(kEnd);
}

void violates(const Ran& ran) {
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("violated: no_stale_install"));
  CHECK_THAT(ran.out, Catch::Contains(kEnd));
}

}  // namespace

TEST_CASE("a failing run goes to a file that is named as what failed") {
  const Folder folder;
  const Ran ran = shell("cd " + folder.path() + "; " + kViolates);
  violates(ran);
  CHECK(ran.out.ends_with("saved: " + kName + "\n"));
  CHECK(folder.files() == std::vector<std::string>{kName});
  CHECK(is_whole(folder.text(kName)));
  CHECK(shell("cd " + folder.path() + "; $H random --scope tiny --set commit_checks_seq=0 --seed 7")
            .code == 1);
  CHECK(folder.files() == std::vector<std::string>{kName, "hmmcheck-random-tiny-7.trace"});
}

TEST_CASE("a file that cannot be written is a warning, and the exit code stays the verdict's") {
  const Folder folder;
  const auto [where, why] = GENERATE(table<std::string, std::string>({
      // Nobody, not even root, makes files there.
      {"cd /proc; " + kViolates, "No such file or directory"},
      {kViolates + "--save /dev/full", "No space left on device"},
      {"ulimit -f 0; " + kViolates + "--save FOLDER/a.trace", "File too large"},
  }));
  std::string text = where;
  if (const auto at = text.find("FOLDER"); at != text.npos) text.replace(at, 6, folder.path());
  CAPTURE(text);
  const Ran ran = shell(text);
  violates(ran);
  CHECK_THAT(ran.out, Catch::Contains("hmmcheck: warning: not saved: "));
  CHECK_THAT(ran.out, Catch::Contains(why));
  CHECK(ran.out.find("\nsaved: ") == ran.out.npos);
  CHECK(folder.files().empty());
}

TEST_CASE("what is no regular file is written to, and stays what it is") {
  const Folder folder;
  violates(shell(kViolates + "--save /dev/null"));
  struct stat is {};
  CHECK((stat("/dev/null", &is) == 0 && S_ISCHR(is.st_mode)));

  const std::string pipe = folder / "pipe", out = folder / "out";
  violates(shell("mkfifo " + pipe + "; cat " + pipe + " > " + out + " & " + kViolates + "--save " +
                 pipe + "; code=$?; wait; exit $code"));
  CHECK(std::filesystem::is_fifo(pipe));
  CHECK(is_whole(folder.text("out")));

  violates(shell(kViolates + "--save /dev/stdout --junit /dev/fd/3 3> " + folder / "fd"));
  CHECK_THAT(folder.text("fd"), Catch::Contains("<testsuite "));
}

TEST_CASE("a file of standard output goes on where it was") {
  const Folder folder;
  CHECK(shell(kViolates + "--save /dev/stdout > " + folder / "out").code == 1);
  const std::string text = folder.text("out");
  CHECK(text.starts_with("explore tiny, profile 6.12 with commit_checks_seq=0: "));
  CHECK(text.ends_with(kEnd + "saved: /dev/stdout\n"));
}

TEST_CASE("a symbolic link is followed, a mode kept, and a file that is read-only left alone") {
  const Folder folder;
  folder.file("target", "old\n");
  REQUIRE(chmod((folder / "target").c_str(), 0640) == 0);
  std::filesystem::create_symlink("target", folder / "link");
  violates(shell(kViolates + "--save " + folder / "link"));
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(is_whole(folder.text("target")));
  struct stat is {};
  REQUIRE(stat((folder / "target").c_str(), &is) == 0);
  CHECK((is.st_mode & 07777) == 0640);

  REQUIRE(chmod((folder / "target").c_str(), 0400) == 0);
  refuses("explore --scope tiny --save " + folder / "target", "found Permission denied");
}

TEST_CASE("several who write one file leave a whole one, and nothing else") {
  const Folder folder;
  const Ran ran = shell("cd " + folder.path() + "; for i in 1 2 3 4 5 6 7 8; do " + kViolates +
                        "> out.$i & pids=\"$pids $!\"; done; bad=0; for p in $pids; do wait $p; "
                        "[ $? = 1 ] || bad=1; done; rm out.*; exit $bad");
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  CHECK(folder.files() == std::vector<std::string>{kName});
  CHECK(is_whole(folder.text(kName)));
}

TEST_CASE("a folder takes a file for each failure, a file the first", "[long]") {
  const Folder folder;
  const std::string check =
      "check --scope tiny --steps 100000 --seed 1 --set commit_checks_seq=0 --save ";
  CHECK(run(check + folder / "each/").code == 1);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "each"))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{kName, "hmmcheck-prove-tiny.trace",
                                          "hmmcheck-random-tiny-1.trace"});
  const Ran ran = run(check + folder / "first.trace");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains("has an earlier failure; --save FOLDER keeps each"));
}

TEST_CASE("nobody takes silence for a verdict") {
  for (const std::string arguments :
       {"explore --scope tiny", "explore --scope tiny --json", "explore --scope tiny --ktap",
        "list", "--help", "--version", "help trace", "completion bash",
        "replay " HMM_SOURCE_DIR "/traces/starts/mapped.trace", "swap types --kernel 6.12"}) {
    CAPTURE(arguments);
    const Ran ran = shell("$H " + arguments + " > /dev/full");
    CHECK(ran.code == 3);
    CHECK(ran.out ==
          "hmmcheck: could not decide: standard output cannot be written: No space left on "
          "device\n");
  }
  const Ran ran = shell("$H explore --scope tiny --junit /dev/full");
  CHECK(ran.code == 3);
  CHECK_THAT(ran.out, Catch::Contains("holds in every reachable state"));
}

}  // namespace hmm
