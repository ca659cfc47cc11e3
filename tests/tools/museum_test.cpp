// The museum: what it keeps is found as it is kept, and what is not as it is to be is refused.
#include "tools/runs/museum.h"

#include "properties/engines/property_set.h"
#include "tests/tools/binary.h"
#include "traces/bug_file.h"

namespace hmm {
namespace {

const std::string kMuseum = HMM_SOURCE_DIR "/traces/museum";

constexpr std::string_view kPromises[] = {"no_stale_install", "free_exactly_once"};

// A bug that is one, by key.
struct Bug {
  std::string id = "id = \"B-1\"\n", title = "title = \"a-bug\"\n",
              says = "says = \"It was so.\"\n", cites = "cites = [\"16ce101db85d (6.1)\"]\n",
              kind = "kind = \"refcount\"\n", profile = "profile = \"6.12\"\n",
              set = "set = [\"commit_checks_seq=0\"]\n", drop, scope = "scope = \"tiny\"\n",
              promise = "promise = \"no_stale_install\"\n", steps = "steps = 7\n",
              recordings = "recordings = \"none differs\"\n";

  std::string text() const {
    return id + title + says + cites + kind + profile + set + drop + scope + promise + steps +
           recordings;
  }
};

// The same with one of its lines another one.
std::string bug_with(std::string Bug::*line, const std::string& text) {
  Bug bug;
  bug.*line = text;
  return bug.text();
}

std::string error_of(const std::string& text) {
  try {
    parse_bug(text, "bug.toml", kPromises);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string missing_error_of(const std::string& text) {
  try {
    parse_missing(text, "missing.toml");
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

// A museum of the one bug, with the run that explore finds.
class OneBug {
 public:
  OneBug() {
    std::filesystem::create_directory(folder_ / "B-1");
    write(Bug().text());
    REQUIRE(
        run("explore --scope tiny --property promises --set commit_checks_seq=0 --save " + trace())
            .code == 1);
  }
  void write(const std::string& text) const { folder_.file("B-1/bug.toml", text); }
  std::string trace() const { return folder_ / "B-1/bug.trace"; }
  const Folder& folder() const { return folder_; }
  Ran museum() const { return run("museum --folder " + folder_.path()); }

 private:
  Folder folder_;
};

// What is said of a bug that is kept otherwise than it is.
void finds(const OneBug& one, const std::string& what) {
  const Ran ran = one.museum();
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Catch::Contains(what));
  CHECK_THAT(ran.out, Catch::EndsWith("museum: 1 bugs, 0 caught\n"));
}

}  // namespace

TEST_CASE("every bug of the museum is found as it is kept, and its kernel holds without it",
          "[long]") {
  std::size_t bugs = 0;
  for (const auto& bug : load_bugs(kMuseum, names_of_breakable())) {
    ++bugs;
    if (bug.rules.empty()) continue;
    const Ran built = shell(HMM_SOURCE_DIR "/tools/rules " + bug.rules_name() + " --diff " +
                            bug.rules + " " + bug.scope);
    CAPTURE(built.out);
    REQUIRE(built.code == 0);
  }
  CHECK(bugs >= 45);
  const Ran ran = run("museum --folder " + kMuseum);
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::EndsWith("museum: " + std::to_string(bugs) + " bugs, " +
                                      std::to_string(bugs) + " caught\n"));
}

TEST_CASE("the museum has bugs of every kind") {
  const auto bugs = load_bugs(kMuseum, names_of_breakable());
  for (const std::string_view kind : kBugKinds) {
    CAPTURE(std::string(kind));
    CHECK(std::any_of(bugs.begin(), bugs.end(), [&](const auto& bug) { return bug.kind == kind; }));
  }
}

TEST_CASE("what the recordings say of a bug is what conform says", "[long]") {
  const std::string recording = HMM_SOURCE_DIR "/traces/recordings/linux-6.12.txt";
  for (const auto& bug : load_bugs(kMuseum, names_of_breakable())) {
    CAPTURE(bug.id);
    std::string command = "conform";
    for (const auto& set : bug.sets) command += " --set " + set;
    for (const auto& drop : bug.drops) command += " --drop " + drop;
    if (!bug.rules.empty()) command += " --rules " + bug.rules_name();
    const Ran ran = run(command + " " + recording);
    const std::size_t first = ran.out.find("linux-6.12.txt:", ran.out.find('\n'));
    const std::string line = ran.out.substr(first + 15, ran.out.find(':', first + 15) - first - 15);
    CHECK(bug.recordings == (ran.code != 1 ? "none differs" : "differ at " + line));
  }
}

TEST_CASE("a bug that is asked for by name comes with its story") {
  const Ran ran = run("museum NOT-13 FLT-01 --folder " + kMuseum);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("FLT-01: page-freed-before-callback\ndo_swap_page() found"));
  CHECK_THAT(ran.out, Catch::Contains("set fault_takes_page_ref=0\n"));
  CHECK_THAT(ran.out, Catch::EndsWith("museum: 2 bugs, 2 caught\n"));
}

TEST_CASE("walks of twenty seeds come by a bug, and what they find is shrunk to one text") {
  // All but the first break some other promise first, by most seeds.
  const Ran ran =
      run("museum NOT-13 NOT-03 RB-04 VMA-04 MM-swapped-out --engines --folder " + kMuseum);
  CAPTURE(ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("random tiny: 20 of 20 seeds, 1 text, "));
  CHECK_THAT(ran.out, Catch::Contains("random: 5 bugs of 5 by 20 of 20 seeds, with one text each"));
}

TEST_CASE("a museum in every form") {
  const OneBug one;
  CHECK_THAT(one.museum().out, Catch::EndsWith("museum: 1 bugs, 1 caught\n"));
  const std::string folder = " --folder " + one.folder().path();
  CHECK_THAT(run("museum --json" + folder).out,
             Catch::Contains("\"cites\":[\"16ce101db85d (6.1)\"]") &&
                 Catch::EndsWith("{\"bugs\":1,\"caught\":1}\n"));
  CHECK_THAT(run("museum --ktap" + folder).out, Catch::Contains("\nok 1 B-1"));
}

TEST_CASE("a bug that is not as it is kept is not caught") {
  const OneBug one;
  one.write(bug_with(&Bug::steps, "steps = 6\n"));
  finds(one, "bug.toml: expected steps = 7, found 6");
  one.write(bug_with(&Bug::promise, "promise = \"no_leak\"\n"));
  finds(one, "bug.toml: expected promise = no_stale_install, found no_leak");
  // A rule of another scope's decides nothing here.
  one.write(bug_with(&Bug::set, "drop = [\"shmem_fault.dirty\"]\n"));
  finds(one, "bug.toml: expected no_stale_install violated, found none");
  one.write(Bug().text());
  const std::string text = one.folder().text("B-1/bug.trace");
  const std::size_t last = text.find("mmu_interval_read_retry");
  one.folder().file(
      "B-1/bug.trace",
      text.substr(0, last) + "cpu_load mm=0 vpn=0  -> needs_fault\n" + text.substr(last));
  finds(one, "bug.trace:11: expected mmu_interval_read_retry slot=0 ");
}

TEST_CASE("a bug whose rules are not built is skipped, which is no pass") {
  const Folder folder;
  std::filesystem::create_directories(folder / "never-built");
  folder.file("never-built/rules.diff", "--- a/model/want.h\n+++ b/model/want.h\n");
  folder.file("never-built/bug.trace", "hmmcheck-trace 1\nscope tiny\nprofile 6.12\n");
  folder.file("never-built/bug.toml", Bug().title + "id = \"never-built\"\n" + Bug().says +
                                          Bug().cites + Bug().kind + Bug().profile +
                                          "rules = \"rules.diff\"\n" + Bug().scope + Bug().promise +
                                          Bug().steps + Bug().recordings);
  const Ran ran = run("museum --folder " + folder.path());
  CAPTURE(ran.out);
  CHECK(ran.code == 4);
  CHECK_THAT(ran.out, Catch::Contains("skipped: rules that are not built: tools/rules "));
  CHECK_THAT(ran.out, Catch::EndsWith("museum: 1 bugs, 0 caught, 1 skipped\n"));
}

TEST_CASE("a file of a bug says all that a bug has, and nothing else") {
  CHECK(error_of(Bug().text()) == "no error");
  CHECK(error_of(bug_with(&Bug::cites, "")) ==
        "bug.toml:1: expected cites = [\"a commit that mended it\"], found none");
  CHECK(error_of(bug_with(&Bug::cites, "cites = []\n")) ==
        "bug.toml:4: expected cites = [\"a commit that mended it\"], found none");
  for (const std::string cite : {"16ce101 (6.1)", "somebody said so", "\\\"\\\""})
    CHECK_THAT(
        error_of(bug_with(&Bug::cites, "cites = [\"" + cite + "\"]\n")),
        Catch::StartsWith("bug.toml:4: expected a commit of 12 digits or more, or a title in "
                          "quotes, found "));
  CHECK(error_of(bug_with(&Bug::cites, "cites = ['\"mm: mend it\" (6.1)']\n")) == "no error");
  CHECK(error_of(bug_with(&Bug::id, "")) == "bug.toml:1: expected id = a line of text, found none");
  CHECK(error_of(bug_with(&Bug::says, "says = \"\"\n")) ==
        "bug.toml:3: expected says = a line of text, found nothing");
  CHECK_THAT(error_of(bug_with(&Bug::kind, "kind = \"lok\"\n")),
             Catch::StartsWith("bug.toml:5: expected kind = one of refcount, ") &&
                 Catch::EndsWith("(did you mean lock?), found lok"));
  CHECK_THAT(error_of(bug_with(&Bug::profile, "profile = \"9.9\"\n")),
             Catch::StartsWith("bug.toml:6: expected a profile ("));
  CHECK_THAT(error_of(bug_with(&Bug::scope, "scope = \"tyni\"\n")),
             Catch::StartsWith("bug.toml:8: expected scope = one of ") &&
                 Catch::EndsWith("(did you mean tiny?), found tyni"));
  // A strengthening is no promise.
  CHECK_THAT(error_of(bug_with(&Bug::promise, "promise = \"ptes_are_well_formed\"\n")),
             Catch::StartsWith("bug.toml:9: expected promise = one of no_stale_install, "));
  for (const std::string steps : {"0", "-1", "\"7\"", "7.5", "1000001"})
    CHECK_THAT(error_of(bug_with(&Bug::steps, "steps = " + steps + "\n")),
               Catch::StartsWith("bug.toml:10: expected steps = a number above 0, found "));
  CHECK_THAT(error_of(Bug().text() + "story = \"x\"\n"),
             Catch::StartsWith("bug.toml:12: expected id, title, says, ") &&
                 Catch::EndsWith("found story"));
  CHECK_THAT(error_of("id = \"B-1\nx"), Catch::StartsWith("bug.toml:1: expected TOML, found "));
}

TEST_CASE("a bug changes its kernel") {
  CHECK(error_of(bug_with(&Bug::set, "")) ==
        "bug.toml:1: expected set = [\"switch=value\"], drop = [\"rule\"], mutate = "
        "\"STEP:TABLE.FIELD+1\" or rules = \"rules.diff\", found none");
  CHECK(error_of(bug_with(&Bug::set, "rules = \"rules.diff\"\n")) ==
        "bug.toml:7: expected a diff beside it, found rules.diff");
  CHECK(error_of(bug_with(&Bug::set, "set = [\"commit_checks_seq=1\"]\n")) ==
        "bug.toml:7: expected a switch that 6.12 has otherwise, found commit_checks_seq=1");
  CHECK_THAT(error_of(bug_with(&Bug::set, "set = [\"frobnicate=1\"]\n")),
             Catch::StartsWith("bug.toml:7: expected a switch of hmmcheck list"));
  CHECK_THAT(error_of(bug_with(&Bug::drop, "drop = [\"zap_pte_range.put_pages\"]\n")),
             Catch::StartsWith("bug.toml:8: expected a rule of `hmmcheck list steps`"));
}

TEST_CASE("what is missing is listed once, with what it needs") {
  CHECK_THAT(run("museum --missing --folder " + kMuseum).out, Catch::Contains("\nMIG-04 "));
  CHECK(missing_error_of("[tlb]\nA-1 = \"a TLB\"\n") == "no error");
  CHECK(missing_error_of("A-1 = \"a TLB\"\n") == "missing.toml:1: expected [A-1], found string");
  CHECK(missing_error_of("[tlb]\nA-1 = \"\"\n") ==
        "missing.toml:2: expected A-1 = a line of text, found nothing");
  CHECK(missing_error_of("[tlb]\nA-1 = \"x\"\n[swap]\nA-1 = \"y\"\n") ==
        "missing.toml:4: expected each bug once, found A-1 of line 2");
}

TEST_CASE("museums that are none") {
  const OneBug one;
  const std::string museum = "museum --folder " + one.folder().path();
  refuses("museum --folder " + one.folder() / "none",
          "none: expected a folder with a folder for each bug, found none");
  refuses(museum + " B-2",
          "ID: expected a bug of " + one.folder().path() + " (did you mean B-1?), found B-2");
  refuses(museum + " --missing", "missing.toml: expected a file to read");
  one.write(bug_with(&Bug::cites, ""));
  refuses(museum, "bug.toml:1: expected cites = [\"a commit that mended it\"], found none");
  one.write(bug_with(&Bug::id, "id = \"B-2\"\n"));
  refuses(museum, "bug.toml:1: expected id = \"B-1\", as its folder, found B-2");
  one.write(Bug().text());
  std::filesystem::create_directory(one.folder() / "B-2");
  refuses(museum, "B-2/bug.toml: expected a file to read");
  one.folder().file("B-2/bug.toml", bug_with(&Bug::id, "id = \"B-2\"\n"));
  refuses(museum, "B-2/bug.toml:1: expected a mutation of its own, found that of ");
  std::filesystem::remove_all(one.folder() / "B-2");
  std::filesystem::remove(one.trace());
  refuses(museum, "bug.trace: expected a file to read");
}

}  // namespace hmm
