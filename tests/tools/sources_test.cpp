// What the sources state: no row is lost, no name dangles, and what is said to work works.
#include <map>

#include "model/step_infos.h"
#include "properties/engines/property_set.h"
#include "tests/goldens/goldens.h"
#include "tests/tools/binary.h"
#include "traces/source_rows.h"

namespace hmm {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_source_rows(text, "s.toml");
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST_CASE("every statement has its row, and each verdict is counted") {
  const auto rows = source_rows();
  constexpr std::size_t kStatements = 90;
  REQUIRE(rows.size() == kStatements);
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    CHECK(rows[i].id == "M-" + std::string(3 - number.size(), '0') + number);
    ++counts[std::string(rows[i].verdict())];
  }
  for (const char* verdict : {"works", "refused", "missing"})
    CHECK(counts[verdict] == goldens::golden("sources", verdict));
}

TEST_CASE("promises and recordings that rows name are there") {
  std::vector<std::string> promises;
  for (const auto& p : property_infos()) promises.emplace_back(p.name);
  for (const SourceRow& row : source_rows()) {
    INFO(row.id);
    for (const auto& name : row.promises) {
      INFO(name);
      CHECK(std::count(promises.begin(), promises.end(), name) == 1);
    }
    for (const auto& name : row.recordings) {
      INFO(name);
      CHECK(std::filesystem::exists(HMM_SOURCE_DIR "/traces/recordings/" + name));
    }
    // A statement that a row leads back to is there, and says more itself.
    for (std::size_t at = row.missing.find("M-"); at != std::string::npos;
         at = row.missing.find("M-", at + 1)) {
      const auto all = source_rows();
      const auto other = std::find_if(all.begin(), all.end(), [&](const SourceRow& o) {
        return o.id == row.missing.substr(at, 5);
      });
      REQUIRE(other != all.end());
      CHECK(other->verdict() == "missing");
      CHECK_FALSE(other->missing.starts_with("as "));
    }
  }
}

TEST_CASE("what works does so by its commands") {
  const Folder folder;
  for (const char* link : {"model", "traces"})
    std::filesystem::create_directory_symlink(std::filesystem::path(HMM_SOURCE_DIR) / link,
                                              folder / link);
  std::map<std::string, Ran> runs;  // a command that rows share is run once
  for (const SourceRow& row : source_rows()) {
    for (const SourceCommand& command : row.works) {
      if (!runs.contains(command.run))
        runs[command.run] = shell("cd '" + folder.path() + "' && $H " + command.run);
      const Ran& ran = runs.at(command.run);
      INFO(row.id << ": hmmcheck " << command.run);
      CHECK(ran.code == command.exit);
      CHECK_THAT(ran.out, Catch::Contains(command.prints));
    }
  }
  CHECK(runs.size() > 40);
}

TEST_CASE("the list says them all, and how many there are") {
  const Ran ran = run("list sources");
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("M-010  works    The device page table is kept"));
  CHECK_THAT(ran.out, Catch::Contains("       missing: "));
  CHECK_THAT(ran.out, Catch::Contains("       refused: "));
  const auto count = [](const char* verdict) {
    return std::to_string(goldens::golden("sources", verdict));
  };
  CHECK_THAT(ran.out,
             Catch::EndsWith("\nsources: 90 rows, " + count("works") + " work, " +
                             count("refused") + " refused, " + count("missing") + " missing\n"));
  CHECK_THAT(run("list sources --json").out,
             Catch::Contains("{\"kind\":\"source\",\"id\":\"M-090\",") &&
                 Catch::Contains("{\"kind\":\"sources\",\"rows\":90,"));
}

TEST_CASE("a row that is not as it is to be is refused") {
  const std::string row = "title = \"A source\"\n[M-001]\nsays = \"It is so.\"\n";
  const std::string works = "works = [{ run = \"list\", prints = \"x\" }]\n";
  REQUIRE(error_of(row + works) == "");
  CHECK(error_of("[M-001]\n") == "s.toml:1: expected title = the source, found none");
  CHECK(error_of(row) == "s.toml:2: expected one of works, missing and refused, found 0");
  CHECK(error_of(row + works + "missing = \"All.\"\n") ==
        "s.toml:2: expected one of works, missing and refused, found 2");
  CHECK(error_of(row + works + "steps = [\"cpu_laod\"]\n").find("(did you mean cpu_load?)") !=
        std::string::npos);
  CHECK(error_of(row + works + "switches = [\"owner_filte\"]\n").find("owner_filter?") !=
        std::string::npos);
  CHECK(error_of(row + works + "kernels = [\"6.13\"]\n").find("6.1") != std::string::npos);
  CHECK(error_of(row + "works = []\n").find("one command or more") != std::string::npos);
  CHECK(error_of(row + "works = [{ run = \"list\", exit = 7, prints = \"x\" }]\n") ==
        "s.toml:4: expected exit = 0 to 4, found 7");
  CHECK(error_of(row + "works = [{ run = \"list\" }]\n").find("prints = ") != std::string::npos);
  CHECK(error_of("title = \"A source\"\n[M-1]\n") ==
        "s.toml:2: expected title or [M-001], found M-1");
}

}  // namespace
}  // namespace hmm
