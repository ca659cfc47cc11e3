// Runs as pages: what is in the file, whatever shows it.
#include "model/step_infos.h"
#include "model/step_sentences.h"
#include "tests/tools/differing.h"
#include "tools/runs/picture.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

Picture picture_of(const std::vector<std::string>& steps) {
  const auto machine = machine_at("tiny");
  PlainSteps run;
  for (const auto& step : steps) run.push_back(parse_step(machine->scope(), step, {"test"}));
  return picture_of_run(*machine, load_profile("6.12"), machine->leaves(), run, kAllProperties);
}

const std::string kHead = "hmmcheck-trace 1\nscope tiny\nprofile 6.12\n";
const std::string kMapped = "mmap_region mm=0 vpn=0 read=1 write=1  -> ok\n";

}  // namespace

TEST_CASE("every step cites the kernel") {
  for (const auto& step : step_infos()) {
    CAPTURE(step.name);
    CHECK(citation_of_step(step.name).size() > 10);
  }
  CHECK(citation_of_step("hmm_range_fault").starts_with("mm/hmm.c hmm_range_fault(), "));
  CHECK(citation_of_step("no_such_step").empty());
}

TEST_CASE("a page has the start, every step, and what it cites") {
  const std::string page =
      html_of(picture_of({"mmap_region mm=0 vpn=0 read=1 write=1",
                          "do_anonymous_page mm=0 vpn=0 pfn=1", "cpu_load mm=0 vpn=0"}));
  CHECK(count(page, "<article ") == 4);
  CHECK(count(page, "<a class=\"row\" href=\"#step-") == 4);
  CHECK(count(page, "Kernel: mm/memory.c do_anonymous_page()") == 3);  // hovering twice, and text
  CHECK_THAT(page, Catch::Contains("<li>pte 0.0: - &rarr; present p1 rw</li>"));
  CHECK(count(page, "<path class=\"arrow") ==
        2);  // the pte's arrow, in the two states in which it has one
  CHECK(count(page, "broken-claims\">") == 0);
}

TEST_CASE("a page has nothing from elsewhere, and what is text stays text") {
  Picture picture = picture_of({"cpu_load mm=0 vpn=0"});
  picture.title = "</title><script>alert(1)</script>";
  picture.story = {"a < b & \"c\""};
  picture.table.lines[1].step = "<img src=x>";
  const std::string page = html_of(picture);
  CHECK(count(page, "<script") == 1);
  CHECK(count(page, "<img") == 0);
  CHECK_THAT(page, Catch::Contains("<p>a &lt; b &amp; &quot;c&quot;</p>"));
  CHECK_THAT(page, Catch::Contains("content=\"default-src 'none';"));
  for (const char* from : {"http://", "https://", "src=\"", "@import", "url("})
    CHECK(count(page, from) == 0);
}

TEST_CASE("what is too large to draw is refused, and nothing is written") {
  const Folder folder;
  std::string steps = kMapped;
  for (int i = 0; i < 1000; ++i) steps += "cpu_load mm=0 vpn=0\n";
  const std::string long_one = folder.file("long.trace", kHead + steps);
  const Ran ran = run("replay --html " + (folder / "long.html") + " " + long_one);
  CHECK(ran.code == 2);
  CHECK_THAT(ran.out,
             Catch::Contains("long.trace: expected at most 1000 states to draw, found 1002"));
  CHECK(folder.files() == std::vector<std::string>{"long.trace"});

  CHECK_NOTHROW(require_drawable("x", kRecordingScope, 1000));
  Scope wide;
  wide.vpns = 65;
  CHECK_THROWS_WITH(require_drawable("x", wide, 2),
                    "x: expected a scope of at most 128 ptes, frames and device ptes to draw, "
                    "found 132");
}

TEST_CASE("a page is of one trace, and goes where it can be written") {
  const Folder folder;
  const std::string trace = folder.file("a.trace", kHead + kMapped);
  refuses("replay --html x.html " + trace + " " + trace, "--html: expected one trace, found 2");
  refuses("replay --html " + (folder / "none/x.html") + " " + trace,
          "none/x.html: expected a file that can be written");
  CHECK(run("replay -q --html - " + trace).out.find("<!DOCTYPE html>") == 0);
  CHECK(folder.files() == std::vector<std::string>{"a.trace"});
}

TEST_CASE("a run that breaks a promise is drawn to where it does, with the claim and its rows") {
  const Folder folder;
  const std::string file = "traces/museum/MM-dirty-cow/bug.trace";
  CHECK(run("replay -q --html " + (folder / "cow.html") + " " + file).code == 0);
  const std::string page = folder.text("cow.html");
  CHECK(count(page, " data-breaks>") == 2);
  CHECK_THAT(page, Catch::Contains("drop follow_page_pte.read_only"));
  CHECK_THAT(page, Catch::Contains("<li>broken: cpu_coherence."));
  CHECK(count(page, "class=\"box broken\"") > 0);
}

TEST_CASE("a recording is drawn with the kernel beside the model, up to where they differ") {
  const Folder folder;
  const std::string held = "traces/recordings/held/linux-6.12.txt";
  CHECK(run("conform --html " + (folder / "held.html") + " " + held).code == 0);
  const std::string agreeing = folder.text("held.html");
  CHECK_THAT(agreeing, Catch::Contains("<p>the kernel and the model agree</p>"));
  CHECK(count(agreeing, "class=\"differs") == 0);

  const std::string wrong = differing_recording(folder);
  CHECK(run("conform --html " + (folder / "wrong.html") + " " + wrong).code == 1);
  const std::string page = folder.text("wrong.html");
  CHECK(count(page,
              "<tr class=\"differs first\"><th>result</th>"
              "<td>ok cpages=1 faults=1 9</td><td>ok cpages=1 faults=1 0</td></tr>") == 1);
  CHECK(count(page, " data-breaks>") == 1);
  refuses("conform --html x.html " + held + " " + held, "--html: expected one recording, found 2");
}

}  // namespace hmm
