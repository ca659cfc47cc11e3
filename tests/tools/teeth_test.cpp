// Small bugs are noticed, and whoever is not noticed fails the run.
#include "tools/runs/teeth.h"

#include <catch2/catch.hpp>
#include <set>

#include "model/defects.h"
#include "model/rules.h"
#include "properties/survivors.h"
#include "tests/tools/binary.h"
#include "tools/runs/mutants.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

Mutant mutant_named(const std::string& name) {
  for (const Mutant& m : mutants())
    if (m.name == name) return m;
  FAIL("no mutant " << name);
  return {};
}

}  // namespace

TEST_CASE("each rule is dropped once, and every name is of a kernel of its own") {
  const auto all = mutants();
  const Profile k = load_profile("6.12");
  std::set<std::string> names;
  std::size_t dropped = 0;
  for (const Mutant& m : all) {
    CHECK(names.insert(m.name).second);
    CHECK(m.of(k) != k);
    dropped += m.kind <= MutantKind::effect ? 1 : 0;
  }
  CHECK(dropped == rules().size());
  CHECK(names.count("munmap:page.refcount+1") == 0);  // which writes no count
  CHECK(names.count("zap_pte_range:page.refcount+1") == 1);
  CHECK(names.count("migrate_vma_setup:migration.mm~device") == 0);  // an mm is no device
  for (const Survivor& s : kSurvivors) {
    CAPTURE(s.name);
    CHECK(names.count(std::string(s.name)) == 1);
  }
}

TEST_CASE("who is noticed is noticed by the strongest that comes by") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  const Teeth teeth(k, {}, {});
  const auto leak = teeth.judge(mutant_named("zap_pte_range.put_page"));
  REQUIRE(leak);
  CHECK(leak->bite == Bite::promise);
  CHECK(leak->steps != 0);
  std::stop_source stopped;
  stopped.request_stop();
  CHECK_FALSE(Teeth(k, {}, stopped.get_token()).judge(mutant_named("zap_pte_range.put_page")));
}

TEST_CASE("who breaks no promise and never ends is noticed by who waits for it") {
  const Profile k = without_breaking_defects(load_profile("6.12"));
  const auto mark = Teeth(k, {}, {}).judge(mutant_named("migrate_device_unmap.own_fault"));
  REQUIRE(mark);
  CHECK(mark->bite == Bite::liveness);
  CHECK(mark->by == "cpu_accesses_end");
}

TEST_CASE("a recording that differs without any bug notices nothing") {
  const Folder folder;
  const std::string file =
      folder.file("linux-6.12.txt",
                  "trace 1\nA load 0 -> 7\n= A -,sd -,sd -,sd -,sd | d0 00 00 00 00 | d1 00 00 00 "
                  "00 | d2 00 00 00 00 | d3 00 00 00 00\nend\n");
  refuses("teeth --sample 1 " + file, "linux-6.12.txt:2: expected what the model shows of ");
}

TEST_CASE("a sample of all is noticed or explained") {
  const Ran ran =
      run("teeth --sample 25 --seed 5 traces/recordings/linux-6.12.txt "
          "traces/recordings/held/linux-6.12.txt traces/recordings/mended/linux-6.12.txt");
  INFO(ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("teeth: 25 mutants"));
}

TEST_CASE("what names nothing is refused") {
  refuses("teeth --only no_such_step",
          "--only: expected part of the name of a mutant, found no_such_step");
  refuses("teeth --sample 0", "expected a number from 1");
  refuses("teeth no-kernel.txt", "no-kernel.txt: expected a name such as linux-6.12.txt");
}

}  // namespace hmm
