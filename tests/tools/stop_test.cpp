// Engines stop when they are asked to, with what they have found out until then.
#include <signal.h>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

// All of these take a minute or more, if nobody stops them.
const std::vector<std::string> kLong = {
    "explore --scope default",
    "random --scope large --steps 1000000000",
    "random --engine rapidcheck --scope large --steps 1000000000",
    "random --engine calls --steps 1000000000",
    "prove --scope large --threads 2",
    "prove --scope fork --bounded 100",
    "check --scope default",
    "prove --encodings",
};

}  // namespace

TEST_CASE("a signal ends a run, with the numbers so far and a code that says so") {
  const std::string arguments = GENERATE(from_range(kLong));
  const auto [name, code] = GENERATE(table<std::string, int>({{"INT", 130}, {"TERM", 143}}));
  CAPTURE(arguments, name);
  // By the shell's own timer: a program in the background of a script has SIGINT ignored.
  const Ran ran = shell("timeout --preserve-status -k 20 -s " + name + " 1 $H " + arguments);
  CHECK(ran.code == code);
  CHECK_THAT(ran.out, Catch::Contains("SIG" + name) || Catch::Contains("unknown"));
  // Of check, a row that was through by then does.
  for (const std::string verdict : {"holds in every", "holds after", "check: holds"})
    CHECK(ran.out.find(verdict) == ran.out.npos);
}

TEST_CASE("--seconds ends every engine, and only walks have then done what was asked") {
  const std::string arguments = GENERATE(from_range(kLong));
  CAPTURE(arguments);
  const bool walks = arguments.starts_with("random");
  // With --steps they would be asked for more than there is time for.
  const Ran ran = shell("timeout -k 1 40 $H " + arguments.substr(0, arguments.find(" --steps")) +
                        " --seconds 2");
  CHECK(ran.code == (walks ? 0 : 3));
  CHECK_THAT(ran.out, Catch::Contains(walks ? "holds after every step" : "could not decide") ||
                          Catch::Contains("unknown"));
}

TEST_CASE("what was violated before it was interrupted stays violated") {
  const Ran ran = shell(
      "timeout --preserve-status -k 20 -s INT 4 $H check --set owner_filter=0 --scope large "
      "--steps 1000000000 --seed 1 --save '' --property promises");
  CHECK((ran.code == 1 || ran.code == 130));
  CHECK((ran.code == 1) == (ran.out.find("VIOLATED") != ran.out.npos));
}

#ifndef HMM_SANITIZE
// Under AddressSanitizer no program has few addresses.

namespace {

// The least address space, in KiB and thousands of them, in which the program starts at all.
int least_to_start() {
  for (int kilobytes = 20'000; kilobytes < 1'000'000; kilobytes += 1'000)
    if (shell("ulimit -v " + std::to_string(kilobytes) + "; $H --version").code == 0)
      return kilobytes;
  FAIL("the program does not start");
  return 0;
}

}  // namespace

TEST_CASE("out of memory is said in every verb, and no crash") {
  const std::string trace = HMM_SOURCE_DIR "/traces/starts/mapped.trace";
  const int least = least_to_start();
  const auto limited = [](int kilobytes) {
    return "ulimit -v " + std::to_string(kilobytes) + "; $H ";
  };
  for (const std::string arguments :
       {"explore --scope default", "random --scope large", "prove --scope pair",
        "prove --scope pair --bounded 3", "prove --encodings", "check --scope tiny"})
    for (const std::string form : {"", " --json", " --ktap"}) {
      CAPTURE(arguments, form);
      const Ran ran = shell(limited(least + 2'000) + arguments + form);
      CHECK(ran.code == 3);
      CHECK_THAT(ran.out, Catch::Contains("out of memory"));
    }
  // Enough to begin with, and too little for the solver.
  for (const std::string arguments :
       {"prove --scope pair", "prove --encodings", "check --scope tiny"})
    for (const int more : {6'000, 16'000, 26'000, 36'000, 66'000}) {
      CAPTURE(arguments, more);
      const Ran ran = shell(limited(least + more) + arguments);
      CHECK(ran.code == 3);
      CHECK_THAT(ran.out, Catch::Contains("out of memory"));
    }
  const Ran later = shell(limited(400'000) + "explore --scope default");
  CHECK(later.code == 3);
  CHECK_THAT(later.out, Catch::Contains("could not decide: out of memory"));
  // What needs little works, or says the same.
  const Ran little = shell(limited(least) + "replay -q " + trace);
  CHECK((little.code == 0 || little.out.find("out of memory") != little.out.npos));
}
#endif

}  // namespace hmm
