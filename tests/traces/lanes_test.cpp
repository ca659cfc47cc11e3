// Who a step is between.
#include "traces/lanes.h"

#include <catch2/catch.hpp>

#include "properties/engines/judged_machine.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

// `mm 0 > range 0*`: the actor and the others, whose rows have changed with a star.
std::string print(const Lanes& lanes, std::size_t line) {
  if (!lanes.signals[line]) return "";
  const Signal& signal = *lanes.signals[line];
  std::string out = name_of(lanes.lanes[signal.actor]) + (signal.changes_actor ? "*" : "");
  for (const auto& end : signal.others)
    out += " > " + name_of(lanes.lanes[end.lane]) + (end.is_changed ? "*" : "");
  return out;
}

Lanes lanes_of_steps(const std::string& scope, const std::vector<std::string>& steps) {
  const auto machine = machine_at(scope);
  PlainSteps run;
  for (const auto& step : steps) run.push_back(parse_step(machine->scope(), step, {"test"}));
  return lanes_of(machine->scope(),
                  table_of(*machine, load_profile("6.12"), run, nullptr, ShownRows::all));
}

}  // namespace

TEST_CASE("a step is of what it names, of what is in its slot, and of what changes") {
  const Lanes lanes = lanes_of_steps(
      "tiny", {"mmap_region mm=0 vpn=0 read=1 write=1", "do_anonymous_page mm=0 vpn=0 pfn=1",
               "mmu_interval_read_begin slot=0 device=0 mm=0 vpn=0 write=0",
               "hmm_range_fault slot=0", "mmu_interval_read_retry slot=0",
               "munmap slot=0 mm=0 first=0 last=0", "mn_itree_invalidate slot=0 device=0"});
  REQUIRE(lanes.lanes.size() == 3);
  CHECK(print(lanes, 0).empty());
  CHECK(print(lanes, 1) == "mm 0*");
  CHECK(print(lanes, 3) == "device 0 > mm 0");
  CHECK(print(lanes, 4) == "device 0 > mm 0");
  CHECK(print(lanes, 5) == "device 0* > mm 0");
  CHECK(print(lanes, 6) == "mm 0 > range 0*");
  CHECK(print(lanes, 7) == "range 0* > mm 0 > device 0*");
}

TEST_CASE("a range is open from the step that begins it to the one that ends it") {
  const Lanes lanes = lanes_of_steps(
      "tiny", {"mmap_region mm=0 vpn=0 read=1 write=1", "do_anonymous_page mm=0 vpn=0 pfn=1",
               "madvise_dontneed slot=0 mm=0 first=0 last=0", "mn_itree_invalidate slot=0 device=0",
               "zap_pte_range slot=0 vpn=0", "mmu_notifier_invalidate_range_end slot=0"});
  const std::vector<Lane> all{
      {Lane::Kind::process, 0}, {Lane::Kind::range, 0}, {Lane::Kind::device, 0}};
  REQUIRE(lanes.lanes == all);
  std::string open;
  for (const auto& line : lanes.open) open += line[1].empty() ? '.' : '#';
  CHECK(open == "...###.");
  for (const auto& line : lanes.open) CHECK((line[0].empty() && line[2].empty()));
}

TEST_CASE("a run of nothing has one lane") {
  const Lanes lanes = lanes_of_steps("tiny", {});
  CHECK(lanes.lanes.size() == 1);
  CHECK(lanes.signals.size() == 1);
}

}  // namespace hmm
