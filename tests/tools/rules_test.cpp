// Rules that somebody edits: built beside the program, compared with it, and refused where they
// cannot be. And the patches of the kernel's history, of which some are such edits.
#include "tests/tools/binary.h"
#include "tools/runs/rules_build.h"

namespace hmm {
namespace {

const std::string kSource = HMM_SOURCE_DIR;

Ran build(const std::string& arguments) { return shell(kSource + "/tools/rules " + arguments); }

// A diff of one line of a file of the rules.
std::string edit(const std::string& file, const std::string& from, const std::string& to) {
  return "sed 's|" + from + "|" + to + "|' " + kSource + "/" + file + " | diff -u --label a/" +
         file + " --label b/" + file + " " + kSource + "/" + file + " -";
}

void refuses_to_build(const std::string& arguments, const std::string& message) {
  const Ran ran = build(arguments);
  CAPTURE(arguments, ran.out);
  CHECK(ran.code == 2);
  CHECK_THAT(ran.out, Catch::Contains(message));
}

}  // namespace

TEST_CASE("a rule that is edited is compared with the one that it was") {
  const Folder folder;
  const std::string diff = folder / "edit.diff";
  shell(edit("model/steps/do_swap_page_end.h", R"(.end_if("sigbus", f.sigbus, Verdict::sigbus))",
             R"(.end_if("sigbus", f.sigbus \&\& !f.lost, Verdict::sigbus))") +
        " > " + diff);
  const Ran built = build("test-sigbus --diff " + diff + " tiny");
  CAPTURE(built.out);
  REQUIRE(built.code == 0);
  CHECK(built.out == "rules:test-sigbus: built at tiny\n");

  const Ran compared =
      run("diff 6.12 rules:test-sigbus --recording traces/recordings/linux-6.12.txt");
  INFO(compared.out);
  CHECK(compared.code == 1);
  for (const char* part :
       {" steps are the same in every state of tiny that has every property; not "
        "do_swap_page_end; ",
        " cannot happen there\n", "step do_swap_page_end: sigbus -> ok",
        "promise newly broken: sigbus_on_failure",
        "linux-6.12.txt: 0 of the recorded traces come out differently"})
    CHECK_THAT(compared.out, Catch::Contains(part));

  // The other way round, and in the verbs that run the model.
  CHECK_THAT(run("diff rules:test-sigbus 6.12 --prove ''").out,
             Catch::Contains("promise mended: sigbus_on_failure"));
  const std::string trace = folder / "found.trace";
  const Ran found = run("explore --scope tiny --rules test-sigbus --save " + trace);
  CHECK(found.code == 1);
  CHECK_THAT(folder.text("found.trace"), Catch::Contains("\nrules test-sigbus\n"));
  CHECK(run("replay -q " + trace).code == 0);
  // With the program's own rules the same steps end in the signal.
  CHECK_THAT(shell("grep -v '^rules' " + trace + " | $H replay -").out,
             Catch::Contains("-> ok, found sigbus") || Catch::Contains("expected -> ok"));
  CHECK(run("prove --scope tiny --rules test-sigbus --property sigbus_on_failure --save ''").code ==
        1);
  CHECK(run("random --engine rapidcheck --scope tiny --seed 1 --steps 2000000 "
            "--rules test-sigbus --save ''")
            .code == 1);
  CHECK(run("conform --rules test-sigbus traces/recordings/linux-6.12.txt").code == 0);
  refuses("replay traces/museum/MM-fork-migration/bug.trace --rules test-sigbus",
          "bug.trace: expected a scope that rules:test-sigbus is built for (tiny), found fork");
  refuses("explore --scope fork --rules test-sigbus",
          "a scope that rules:test-sigbus is built for (tiny)");
  // Rules of a tree that has been edited since.
  shell("mkdir -p " + folder / "tree/model && touch " + folder / "tree/model/new.h && echo " +
        folder / "tree" + " > " + kSource + "/build/rules/test-sigbus/tree && touch -d yesterday " +
        kSource + "/build/rules/test-sigbus/tree");
  refuses("explore --scope tiny --rules test-sigbus", "found a build older than model/new.h");
  shell("rm " + kSource + "/build/rules/test-sigbus/tree");
  // Of another text of the rules than the program's.
  shell("echo other > " + kSource + "/build/rules/test-sigbus/text");
  refuses("explore --scope tiny --rules test-sigbus",
          "--rules: expected a diff that is put to this program's rules, ");
  CHECK(load_kept_rules("test-sigbus", "kept.diff", "tiny", {"--rules"}) ==
        "rules that are built of another text: tools/rules test-sigbus --diff kept.diff tiny");
}

TEST_CASE("rules that do not compile are the first error, at its file and line") {
  const Folder folder;
  const std::string diff = folder / "edit.diff";
  shell(edit("model/steps/do_swap_page_end.h", "f.sigbus, Verdict", "f.sigbuss, Verdict") + " > " +
        diff);
  refuses_to_build("test-broken --diff " + diff + " tiny",
                   "model/steps/do_swap_page_end.h:27:29: error: ");
  // Where a diff was put elsewhere than it says, that is said.
  shell("sed -i 's/^@@ -/@@ -1/' " + diff);
  refuses_to_build("test-broken --diff " + diff + " tiny",
                   "patching file model/steps/do_swap_page_end.h\nHunk #1 succeeded at ");
  refuses("diff 6.12 rules:test-broken",
          "B: expected rules that compile, found model/steps/do_swap_page_end.h:27:29: error: ");
}

TEST_CASE("builds that are none are refused") {
  const Folder folder;
  refuses_to_build("", "expected a name");
  refuses_to_build("A/B", "expected a name");
  refuses_to_build("test-none --diff /nowhere", "expected a readable file after --diff");
  refuses_to_build("test-none --tree /nowhere", "expected a tree of this project");
  refuses_to_build("test-none --what", "expected --tree, --diff or --no-recordings");
  refuses_to_build("test-none --diff " + folder.file("no.diff", "no diff\n") + " tiny",
                   "expected a diff of this tree");
  refuses_to_build("test-none huge", "expected names of ");
}

}  // namespace hmm
