// `hmmcheck config`: what it answers, in words and in JSON, and what it refuses.
#include <nlohmann/json.hpp>

#include "tests/tools/binary.h"
#include "traces/kconfig_file.h"

namespace hmm {
namespace {

using Json = nlohmann::json;

TEST_CASE("options that can be had together, and what is there with them") {
  const Ran ran = run("config --kernel 6.12 TEST_HMM=y MEMORY_FAILURE=y SHMEM=n");
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::StartsWith("Linux 6.12 on x86 with TEST_HMM=y MEMORY_FAILURE=y "
                                        "SHMEM=n: consistent\ny:    64BIT "));
  CHECK_THAT(ran.out, Catch::Contains("\nMAX_SWAPFILES                 23\n"));
  CHECK_THAT(ran.out, Catch::Contains("\nSWP_DEVICE_WRITE              27\n"));
  CHECK_THAT(ran.out, Catch::Contains("\nthere     exclusive (DEVICE_PRIVATE; "));
  CHECK_THAT(ran.out, Catch::Contains("calls dread dwrite migrate_to_dev "));
  CHECK_THAT(ran.out, Catch::Contains("\nnot there shmem (SHMEM; "));
  CHECK_THAT(ran.out, Catch::Contains("\nopen      soft_dirty (MEM_SOFT_DIRTY; "));
}

TEST_CASE("what a kernel does not have is not there, whatever is asked for") {
  const Ran ran = run("config --kernel v16 DEVICE_UNADDRESSABLE=y HMM_MIGRATE=y HMM_MIRROR=y");
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("\nnot there exclusive (n; 5.14 brought it"));
  CHECK_THAT(ran.out, Catch::Contains("\nnot there holes (n; "));
  CHECK_THAT(ran.out, Catch::Contains("\nnot there test_driver (n; "));
  CHECK_THAT(ran.out, Catch::Contains("\nthere     migration (HMM_MIGRATE; "));
  CHECK_THAT(ran.out, Catch::Contains("\nMAX_SWAPFILES                 27 to 28\n"));
  CHECK_THAT(ran.out, !Catch::Contains("SWP_PTE_MARKER"));
}

TEST_CASE("options that cannot be had exit 1, with the reason") {
  const Ran alone = run("config --kernel 4.14 X86_64=y 64BIT=n");
  CHECK(alone.code == 1);
  CHECK_THAT(alone.out, Catch::Contains("cannot be together: X86_64=y 64BIT=n\n  X86_64=y is asked "
                                        "for\n  X86_64 depends on 64BIT (arch/x86/Kconfig)\n"));
  const Ran one = run("config --kernel 6.12 MMU=n KSM=n");
  CHECK(one.code == 1);
  CHECK_THAT(one.out, Catch::Contains(": cannot be: MMU=n\n"));
  CHECK(run("config --kernel 6.12 KSM=y KSM=n").code == 1);
}

TEST_CASE("as JSON") {
  const Json good = Json::parse(run("config --kernel 7.3 CONFIG_TEST_HMM=y --json").out);
  CHECK(good["consistent"] == true);
  CHECK(good["swap"]["SWP_DEVICE_EXCLUSIVE"] == "30");
  CHECK(good["exists"].size() == load_kconfig("7.3").exists.size());
  const Ran ran = run("config --kernel 7.3 DEVICE_PRIVATE=y MIGRATION=n --json");
  CHECK(ran.code == 1);
  const Json bad = Json::parse(ran.out);
  CHECK(bad["consistent"] == false);
  CHECK(bad["conflict"] == Json({"DEVICE_PRIVATE=y", "MIGRATION=n"}));
  CHECK(bad["because"].size() == 5);
}

TEST_CASE("rows of one's own") {
  const Folder folder;
  const std::string mine =
      folder.file("mine.toml",
                  "base = \"6.12\"\nsays = \"my tree\"\n[\"mm/Kconfig\"]\n"
                  "MEMORY_HOTREMOVE = { prompt = \"y\", depends = [\"MEMORY_HOTPLUG\"] }\n");
  const Ran ran = run("config --kernel " + mine + " DEVICE_PRIVATE=y MIGRATION=n");
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::StartsWith("my tree with DEVICE_PRIVATE=y MIGRATION=n: consistent\n"));
  const std::string cycle = folder.file("cycle.toml", "base = \"./cycle.toml\"\n");
  refuses("config --kernel " + cycle + " KSM=y", "a base that does not come back to these rows");
  refuses("config --kernel " + (folder / "none.toml"), "expected a file to read");
}

TEST_CASE("bad input") {
  refuses("config DEVICE_PRIVAT=y",
          "SYMBOL: expected a symbol of 6.12 (did you mean "
          "DEVICE_PRIVATE?), found DEVICE_PRIVAT=y");
  refuses("config --kernel 6.13 KSM=y", "--kernel: expected a kernel (4.14, 6.1, 6.12, 7.3, v16)");
  refuses("config KSM=m", "SYMBOL: expected KSM=y or KSM=n, found KSM=m");
  refuses("config KSM", "SYMBOL: expected KSM=y or KSM=n, found KSM");
  refuses("config --kernel v16 DEVICE_PRIVATE=y", "a symbol of v16");
}

TEST_CASE("swap types say whether their config can be had") {
  CHECK_THAT(run("swap types --kernel 6.12").out,
             Catch::Contains("configurable                  true"));
  CHECK_THAT(run("swap types --kernel 6.12 --config device_private").out,
             Catch::Contains("configurable                  false"));
}

}  // namespace
}  // namespace hmm
