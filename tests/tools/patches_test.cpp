// Patches of the kernel's history: what diff says of each is what is kept.
#include "tools/runs/patches.h"

#include "tests/tools/binary.h"
#include "tools/runs/traces.h"

namespace hmm {
namespace {

const std::string kPatches = HMM_SOURCE_DIR "/traces/patches";

const std::string kOne =
    "id = \"P-1\"\ntitle = \"a patch\"\ncites = [\"16ce101db85d (6.1)\"]\nsays = \"what it does\"\n"
    "before = \"6.12\"\nbefore_set = [\"commit_checks_seq=0\"]\nafter = \"6.12\"\n"
    "scopes = [\"tiny\"]\nmended = [\"no_stale_install\", \"mirror_matches_cpu\", "
    "\"free_exactly_once\", \"cpu_coherence\", \"device_coherence\", \"held_page_stays\"]\n"
    "differ = [\"mmu_interval_read_retry: ok -> retry\"]\n";

std::string with(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

std::string error_of(const std::string& text) {
  try {
    parse_patch(text, "patch.toml", names_of_promises());
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("the answers to twenty patches are as they are kept") {
  std::size_t count = 0, same_promises = 0;
  for (const auto& patch : load_patches_named(kPatches, {})) {
    ++count;
    same_promises += patch.broken.empty() && patch.mended.empty() ? 1 : 0;
    if (patch.rules.empty()) continue;
    const Ran built = shell(HMM_SOURCE_DIR "/tools/rules " + rules_of(patch) + " --diff " +
                            patch.rules + " --no-recordings tiny pair");
    CAPTURE(built.out);
    REQUIRE(built.code == 0);
  }
  refuses("conform --rules patch-wp-can-reuse traces/recordings/linux-6.12.txt",
          "--rules: expected rules that are built to judge recordings, without --no-recordings");
  refuses(
      "diff 6.12 rules:patch-wp-can-reuse --scope tiny --prove '' --recording "
      "traces/recordings/linux-6.12.txt",
      "--recording: expected rules that are built to judge recordings");
  CHECK(count >= 20);
  CHECK(same_promises >= 5);
  const Ran ran = run("patches");
  INFO(ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::EndsWith("patches: " + std::to_string(count) + " patches, " +
                                      std::to_string(count) + " answers as they are kept\n"));
}

TEST_CASE("the table of traces/README.md is what is kept") {
  std::ifstream readme(HMM_SOURCE_DIR "/traces/README.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(readme, line);)
    if (line.starts_with("| `")) rows.push_back(line);
  for (const auto& patch : load_patches_named(kPatches, {})) {
    CAPTURE(patch.id);
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const std::string& line) {
      return line.starts_with("| `" + patch.id + "` |");
    });
    REQUIRE(row != rows.end());
    for (const auto& way : patch.differ)
      CHECK_THAT(*row, Catch::Contains("`" + way.substr(0, way.find(':')) + "`"));
    for (const auto& names : {patch.broken, patch.mended})
      for (const auto& promise : names) CHECK_THAT(*row, Catch::Contains("`" + promise + "`"));
    for (const auto& step : patch.proved_only) CHECK_THAT(*row, Catch::Contains("`" + step + "`"));
  }
}

TEST_CASE("an answer that is another than the one that is kept is no pass") {
  const Folder folder;
  std::filesystem::create_directories(folder / "P-1");
  const std::string command = "patches --folder " + folder.path();
  folder.file("P-1/patch.toml", kOne);
  CHECK(run(command).code == 0);
  const auto finds = [&](const std::string& from, const std::string& to, const std::string& says) {
    folder.file("P-1/patch.toml", with(kOne, from, to));
    const Ran ran = run(command);
    CAPTURE(ran.out);
    CHECK(ran.code == 1);
    CHECK_THAT(ran.out, Catch::Contains(says));
  };
  finds("ok -> retry", "retry -> ok",
        "expected differ = mmu_interval_read_retry: retry -> ok, found");
  finds("\"cpu_coherence\", ", "", "expected mended = device_coherence, free_exactly_once, held");
  finds("mended", "broken", "expected broken = cpu_coherence, device_coherence, ");
  finds("mended", "proved_only = [\"munmap\"]\nmended",
        "expected proved_only = munmap, found none");
}

TEST_CASE("a patch whose rules are not built is skipped, which is no pass") {
  const Folder folder;
  std::filesystem::create_directories(folder / "P-never-built");
  folder.file("P-never-built/rules.diff", "--- a/model/want.h\n+++ b/model/want.h\n");
  folder.file("P-never-built/patch.toml",
              with(kOne, "P-1", "P-never-built") + "after_rules = \"rules.diff\"\n");
  const Ran ran = run("patches --folder " + folder.path());
  CAPTURE(ran.out);
  CHECK(ran.code == 4);
  CHECK_THAT(ran.out, Catch::Contains("skipped: ") && Catch::Contains("tools/rules "));
  CHECK_THAT(ran.out,
             Catch::EndsWith("patches: 1 patches, 0 answers as they are kept, 1 skipped\n"));
}

TEST_CASE("a file of a patch says all that a patch has, and nothing else") {
  CHECK(error_of(kOne) == "no error");
  CHECK(error_of(with(kOne, "16ce101db85d", "16ce")) ==
        "patch.toml:3: expected a commit of 12 digits or more, or a title in quotes, found 16ce "
        "(6.1)");
  CHECK_THAT(error_of(with(kOne, "commit_checks_seq", "commit_seq")),
             Catch::Contains("patch.toml:6: expected"));
  CHECK(error_of(with(kOne, "commit_checks_seq=0", "commit_checks_seq=1")) ==
        "patch.toml:1: expected two kernels, that differ, found one");
  CHECK_THAT(error_of(with(kOne, "\"tiny\"", "\"huge\"")),
             Catch::StartsWith("patch.toml:8: expected scopes = some of "));
  CHECK_THAT(error_of(with(kOne, "no_stale_install", "no_stale")),
             Catch::StartsWith("patch.toml:9: expected mended = some of "));
  CHECK_THAT(error_of(kOne + "after_rules = \"none.diff\"\n"),
             Catch::Contains("expected a diff beside it, found none.diff"));
  CHECK_THAT(error_of(kOne + "why = \"\"\n"), Catch::Contains("found why"));
}

}  // namespace hmm
