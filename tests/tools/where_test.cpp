// What has to do with a function of the kernel.
#include "tests/tools/binary.h"
#include "tools/cited/gather.h"

namespace hmm {

TEST_CASE("a function has its rules, promises, bugs, patches and recordings") {
  const Ran ran = run("where migrate_vma_collect_pmd");
  INFO(ran.out);
  CHECK(ran.code == 0);
  for (const char* part :
       {"migrate_vma_collect_pmd() of ", "mm/migrate_device.c",
        "\nrules:\n  migrate_vma_collect: Collect: ",
        "\n    migrate_vma_collect.callbacks                guard  -> still_pending: ",
        "\n    migrate_vma_collect.pin                      filter ",
        "\n  collect_keeps_private_write: ", "\npromises:\n",
        "\n  soft_dirty_is_kept: broken by MIG-09", "\n  collect-keeps-write: mm/migrate: ",
        "\n  linux-6.12.txt: ", " calls take it\n", "\n  model/steps/migrate_vma_collect.h:"})
    CHECK_THAT(ran.out, Catch::Contains(part));
  CHECK_THAT(run("where zap_pte_range").out,
             Catch::Contains("\n  held-anywhere/linux-6.12.txt: ") &&
                 Catch::Contains(" calls are held in it\n"));
  // Not what is cited beside other functions only.
  CHECK_THAT(ran.out, !Catch::Contains("gup_skips_private"));
}

TEST_CASE("a function that is cited beside one guard has that guard") {
  const Ran ran = run("where 'folio_try_share_anon_rmap_pte()'");
  INFO(ran.out);
  CHECK_THAT(ran.out, Catch::Contains("migrate_vma_collect.pin ") &&
                          !Catch::Contains("migrate_vma_collect.owner "));
}

TEST_CASE("without a function all are listed, and those of a file") {
  const std::string all = run("where").out, file = run("where mm/hmm.c").out;
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  CHECK(lines(all) > 200);
  CHECK(lines(file) > 5);
  CHECK(lines(file) < lines(all));
  CHECK_THAT(file, Catch::Contains("\nhmm_range_fault ") && !Catch::Contains("\nzap_pte_range "));
  CHECK(lines(run("where --json").out) == lines(all) - 1);
  CHECK_THAT(run("where --json hmm_range_fault").out, Catch::Contains("\"hmm_range_fault.retry\""));
}

TEST_CASE("a function that nothing cites is refused, with one that is meant") {
  refuses("where migrate_vma_colect_pmd", "(did you mean migrate_vma_collect_pmd?)");
  refuses("where no/such.c", "where: expected a file of the kernel that is cited, found no/such.c");
}

namespace cited {

TEST_CASE("a comment is of the guard that it stands beside or above") {
  const auto said = said_in_header("model/steps/x.h",
                                   "// X.\n//\n// Kernel: mm/a.c f()\ntemplate <class D>\n"
                                   "  static constexpr const char* name = \"x\";\n"
                                   "  if (checks(\"pin\"))  // g()\n"
                                   "  // h()\n  if (does(\"put\")) y;\n");
  REQUIRE(said.size() == 3);
  CHECK(said[0].by == "step");
  CHECK(said[0].name == "x");
  CHECK(said[0].word.empty());
  CHECK(said[1].word == "pin");
  CHECK(said[1].place == "model/steps/x.h:6");
  CHECK(said[2].word == "put");
}

TEST_CASE("a comment of a profile is of the switches up to the next one") {
  const auto said = said_in_profile("p.toml",
                                    "# f()\n\n[switches]\n# a()\nx = true\ny = false\n"
                                    "# b()\nz = true\n");
  REQUIRE(said.size() == 3);
  CHECK(said[1].name == "y");
  CHECK(said[1].text == "# a()\n");
  CHECK(said[2].text == "# b()\n");
}

TEST_CASE("calls that are held are counted by function") {
  const auto held = held_in("A store 0 1 -> held at f\nA load 0 -> ok\nB load 0 -> held after f\n");
  CHECK(held == std::map<std::string, std::uint64_t>{{"f", 2}});
}

}  // namespace cited
}  // namespace hmm
