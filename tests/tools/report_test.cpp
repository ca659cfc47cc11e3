// Every verb that gives verdicts gives them in every form.
#include "tools/runs/report.h"

#include "tests/tools/binary.h"
#include "traces/input.h"

namespace hmm {
namespace {

ReportRow some_row(Judgement judgement) {
  ReportRow row;
  row.name = "a # name";
  row.judgement = judgement;
  row.detail = "why <so>";
  row.seconds = 1.5;
  row.facts["states"] = 7;
  row.trace = "one\ntwo\n";
  return row;
}

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("a row in KTAP is one result line, and before it what is said of it") {
  CHECK(to_ktap(some_row(Judgement::holds), 3) == "ok 3 a   name\n");
  CHECK(to_ktap(some_row(Judgement::skipped), 3) == "ok 3 a   name # SKIP why <so>\n");
  CHECK(to_ktap(some_row(Judgement::violated), 3) ==
        "# why <so>\n# one\n# two\nnot ok 3 a   name\n");
  CHECK(to_ktap(some_row(Judgement::undecided), 3) ==
        "# why <so>\n# one\n# two\nnot ok 3 a   name # ERROR could not decide\n");
}

TEST_CASE("a row in JSON has its facts between its name and its verdict") {
  CHECK(to_json(some_row(Judgement::violated)).dump() ==
        R"({"name":"a # name","states":7,"seconds":1.5,"verdict":"violated",)"
        R"("reason":"why <so>","trace":"one\ntwo\n"})");
}

TEST_CASE("JUnit counts failures, errors and what was skipped, and quotes what XML would read") {
  const std::string text =
      to_junit("s", {some_row(Judgement::holds), some_row(Judgement::violated),
                     some_row(Judgement::undecided), some_row(Judgement::skipped)});
  CHECK_THAT(text, Catch::Contains("tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\""));
  CHECK_THAT(text, Catch::Contains("<failure message=\"why &lt;so&gt;\">one&#10;two&#10;<"));
  CHECK_THAT(text, Catch::Contains("name=\"a # name\" time=\"1.500\"/>"));
}

TEST_CASE("the exit code is that of the worst row, and no two rows have one name") {
  Report report("s", {Form::json, ""});
  CHECK(report.finish() == kHolds);
  report.add(some_row(Judgement::skipped));
  CHECK(report.finish() == kHolds);
  report.add(some_row(Judgement::undecided));
  CHECK(report.finish() == kUndecided);
  report.add(some_row(Judgement::violated));
  CHECK(report.finish() == kViolated);
  const std::string junit =
      (std::filesystem::temp_directory_path() / ("hmmcheck-report-" + std::to_string(getpid())))
          .string();
  Report twice("s", {Form::json, junit});
  twice.add(some_row(Judgement::holds));
  twice.add(some_row(Judgement::holds));
  twice.finish();
  CHECK_THAT(read_input(junit), Catch::Contains("\"a # name (2)\""));
  std::filesystem::remove(junit);
}

TEST_CASE("every verb that gives verdicts has every form") {
  const std::string source = HMM_SOURCE_DIR;
  const auto [arguments, code] = GENERATE_COPY(table<std::string, int>({
      {"check --scope tiny --steps 1000", 0},
      {"random --scope tiny --steps 1000", 0},
      {"random --engine rapidcheck --scope pages --steps 1000", 0},
      {"random --engine rapidcheck --scope tiny --set commit_checks_seq=0 --save ''", 1},
      {"random --engine calls --steps 500", 0},
      {"random --engine calls --seed 1 --set zap_drops_private_rmap=0 --save ''", 1},
      {"explore --scope tiny", 0},
      {"explore --scope tiny --max-states 10", 3},
      {"explore --scope tiny --set commit_checks_seq=0 --save ''", 1},
      {"prove --scope tiny --step cpu_load", 0},
      {"prove --scope tiny --bounded 1", 0},
      {"replay " + source + "/traces/starts/mapped.trace", 0},
      {"conform " + source + "/traces/defects/merge_drops_soft_dirty.txt --profile 6.12", 0},
  }));
  CAPTURE(arguments);
  const auto junit =
      std::filesystem::temp_directory_path() / ("hmmcheck-forms-" + std::to_string(getpid()));

  const Ran json = run(arguments + " --json --junit " + junit.string());
  CHECK(json.code == code);
  std::size_t rows = 0;
  for (const auto& line : lines_in(json.out)) {
    const Json object = Json::parse(line);
    rows += object.contains("name") && object.contains("verdict") ? 1 : 0;
  }
  CHECK(rows > 0);
  const std::string xml = read_input(junit.string());
  CHECK_THAT(xml, Catch::Contains(" tests=\"" + std::to_string(rows) + "\" "));
  std::filesystem::remove(junit);

  const Ran ktap = run(arguments + " --ktap");
  CHECK(ktap.code == code);
  const auto lines = lines_in(ktap.out);
  REQUIRE(lines.size() > 2);
  CHECK(lines[0] == "KTAP version 1");
  CHECK(lines[1] == "1.." + std::to_string(rows));
  std::size_t results = 0;
  for (const auto& line : lines) {
    if (line.starts_with("#") || &line < &lines[2]) continue;
    const std::string number = " " + std::to_string(++results) + " ";
    CHECK((line.starts_with("ok" + number) || line.starts_with("not ok" + number)));
  }
  CHECK(results == rows);

  const Ran text = run(arguments);
  CHECK(text.code == code);
  CHECK_FALSE(text.out.empty());
}

}  // namespace hmm
