// What the verbs have in common, and what they say of themselves.
#include <set>

#include "model/profile.h"
#include "model/step_infos.h"
#include "model/step_sentences.h"
#include "tests/tools/binary.h"
#include "tools/runs/report.h"
#include "traces/profile_file.h"

namespace hmm {

TEST_CASE("every verb that runs the model takes the same options") {
  const std::string verb =
      GENERATE("check", "random", "explore", "prove", "replay", "shrink", "conform");
  CAPTURE(verb);
  const Ran help = run("help " + verb);
  CHECK(help.code == 0);
  CHECK(help.out == run(verb + " --help").out);
  for (const std::string option :
       {"--profile", "--set", "--drop", "--property", "--seconds", "--save", "--json"})
    CHECK_THAT(help.out, Catch::Contains(option + " ") || Catch::Contains(option + ","));
  if (verb != "shrink")
    for (const std::string option : {"--ktap", "--junit"})
      CHECK_THAT(help.out, Catch::Contains(option));
}

TEST_CASE("help trace shows a trace that replays") {
  const Ran help = run("help trace");
  CHECK(help.code == 0);
  std::istringstream in(help.out);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("  ")) continue;
    // An example is at the left, what it is at the right of a gap.
    const std::string shown = line.substr(2, 47);
    const auto end = shown.find_last_not_of(' ');
    if (end != shown.npos) text += shown.substr(0, end + 1) + "\n";
  }
  for (const std::string word : {"set ", "drop ", "given ", "expect violated "})
    CHECK_THAT(text, Catch::Contains("\n" + word));
  const Folder folder;
  // It is a list of what there is and no run: it only has to be read.
  const Ran ran = run("replay " + folder.file("a.trace", text));
  CAPTURE(text, ran.out);
  CHECK(ran.code != 2);
}

TEST_CASE("steps have a sentence each, and switches stand by group with their profiles' values") {
  const std::string steps = run("list steps").out;
  for (const StepInfo& step : step_infos()) {
    CAPTURE(step.name);
    const std::string says(sentence_of_step(step.name));
    CHECK(says.ends_with('.'));
    CHECK_THAT(steps, Catch::Contains("\n  " + says + "\n"));
  }
  const std::string switches = run("list switches --json").out;
  std::istringstream in(switches);
  std::size_t listed = 0;
  for (std::string line; std::getline(in, line); ++listed)
    CHECK(Json::parse(line)["profiles"].size() == profile_names().size());
  CHECK(listed == kSwitches.size());
  CHECK_THAT(run("list switches").out, Catch::Contains("rule: what a kernel or driver must keep"));
}

TEST_CASE("bash completes verbs, options and the names that they take") {
  const auto completes = [](const std::string& words, const std::string& with) {
    CAPTURE(words);
    const Ran ran =
        shell("bash -c 'source <('$H' completion bash); COMP_WORDS=(" + words +
              "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _hmmcheck; echo ${COMPREPLY[@]}'");
    CHECK_THAT(" " + ran.out, Catch::Contains(" " + with));
  };
  completes("hmmcheck expl", "explore");
  completes("hmmcheck explore --max", "--max-states");
  completes("hmmcheck explore --scope ti", "tiny");
  completes("hmmcheck replay --set owner_f", "owner_filter=0 owner_filter=1");
  completes("hmmcheck prove --step cpu_l", "cpu_load");
  completes("hmmcheck check --profile v", "v16");
  completes("hmmcheck explore --drop munmap.mm", "munmap.mmap_lock");
}

TEST_CASE("a verdict line says which rules and properties it is of") {
  const std::string with = " 6.12 with owner_filter=0 without munmap.mmap_lock for no_leak";
  const std::string options =
      " --set owner_filter=0 --drop munmap.mmap_lock --property no_leak --save ''";
  CHECK_THAT(run("explore --scope tiny --max-states 1000" + options).out,
             Catch::Contains("explore tiny, profile" + with + ": "));
  CHECK_THAT(run("random --scope tiny --steps 1000" + options).out,
             Catch::Contains("random tiny, profile" + with + ", --seed "));
  CHECK_THAT(run("prove --scope tiny --step cpu_load" + options).out,
             Catch::Contains("prove tiny, profile" + with + ": "));
  CHECK_THAT(run("check --scope tiny --steps 1000" + options).out,
             Catch::Contains(", profile" + with + ", scope tiny"));
  const Ran json = run("explore --scope tiny --json" + options);
  const Json row = Json::parse(json.out);
  CHECK(row["switches"].dump() == R"({"owner_filter":false})");
  CHECK(row["dropped"].dump() == R"(["munmap.mmap_lock"])");
  CHECK(row["properties"].dump() == R"(["no_leak"])");
}

TEST_CASE("a report says what it takes to run it again, and shows the run") {
  const Folder folder;
  const std::string arguments = "random --scope tiny --seed 5 --set commit_checks_seq=0 --save " +
                                folder / "a.trace" + " --junit " + folder / "a.xml";
  const Ran ktap = run(arguments + " --ktap");
  for (const std::string line :
       {"# seed 5\n", "# switches {\"commit_checks_seq\":false}\n", "# profile 6.12\n",
        "# broken: no_stale_install.", "# mmu_interval_read_retry slot=0"})
    CHECK_THAT(ktap.out, Catch::Contains(line));
  CHECK(ktap.out.ends_with("not ok 1 random tiny\n# saved " + folder / "a.trace" + "\n"));
  for (const std::string line : {"# seed 5&#10;", "mmu_interval_read_retry slot=0", "# saved "})
    CHECK_THAT(folder.text("a.xml"), Catch::Contains(line));
}

TEST_CASE("KTAP comes row by row, and no two rows have one name") {
  const Ran killed = shell("timeout -s KILL 2 $H prove --encodings --ktap");
  CHECK_THAT(killed.out, Catch::Contains("\nok 1 "));
  std::istringstream in(run("check --scope coherent --ktap").out);
  std::set<std::string> names;
  std::size_t rows = 0;
  for (std::string line; std::getline(in, line);)
    if (const auto ok = line.find("ok "); ok != line.npos && line[0] != '#') {
      ++rows;
      names.insert(line.substr(line.find(' ', ok + 3)));
    }
  CHECK(rows > 1);
  CHECK(names.size() == rows);
}

TEST_CASE("a name that is not UTF-8 keeps no verdict from being said") {
  const Folder folder;
  const std::string name = folder / "a\xff#.trace";
  std::filesystem::copy(HMM_SOURCE_DIR "/traces/starts/mapped.trace", name);
  for (const std::string form : {"--json", "--ktap", "--junit -", ""}) {
    CAPTURE(form);
    const Ran ran = run("replay -q " + form + " '" + name + "'");
    CHECK(ran.code == 0);
    if (form == "--json") CHECK_THAT(ran.out, Catch::Contains("\"verdict\":\"holds\""));
    if (form == "--ktap") CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') >= 3);
  }
}

}  // namespace hmm
