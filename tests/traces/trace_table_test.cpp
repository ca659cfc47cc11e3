// A run as a table.
#include "traces/trace_table.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "properties/engines/judged_machine.h"
#include "traces/profile_file.h"
#include "traces/text.h"

namespace hmm {
namespace {

TraceTable table_of_steps(const std::vector<std::string>& steps) {
  const auto machine = machine_at("tiny");
  PlainSteps run;
  for (const auto& step : steps) run.push_back(parse_step(machine->scope(), step, {"test"}));
  return table_of(*machine, load_profile("6.12"), run);
}

}  // namespace

TEST_CASE("a column for each row that changes, in few letters") {
  const TraceTable table =
      table_of_steps({"mmap_region mm=0 vpn=0 read=1 write=1", "do_anonymous_page mm=0 vpn=0 pfn=1",
                      "cpu_load mm=0 vpn=0"});
  CHECK(print_table(table, 100) ==
        "1 mmap_region mm=0 vpn=0 read=1 write=1 -> ok\n"
        "2 do_anonymous_page mm=0 vpn=0 pfn=1 -> ok\n"
        "3 cpu_load mm=0 vpn=0 -> ok\n"
        "\n"
        "#   vma 0.0   pte 0.0         page 1\n"
        "0   -         -               -\n"
        "1  *vma rw    -               -\n"
        "2   vma rw   *present p1 rw  *ref1 map1 lru anon excl\n"
        "3   vma rw    present p1 rw   ref1 map1 lru anon excl\n");
}

TEST_CASE("what is too wide for one table goes in as many as it takes") {
  const TraceTable table = table_of_steps(
      {"mmap_region mm=0 vpn=0 read=1 write=1", "do_anonymous_page mm=0 vpn=0 pfn=1"});
  for (const std::size_t width : {30u, 40u, 75u}) {
    std::istringstream lines(print_table(table, width));
    std::size_t tables = 0;
    for (std::string line; std::getline(lines, line);) {
      CHECK(line.size() <= width);
      tables += line.starts_with("#") ? 1 : 0;
    }
    CHECK(tables == (width < 75 ? 2 : 1));
  }
}

TEST_CASE("a run that changes nothing has no columns") {
  const TraceTable table = table_of_steps({"cpu_load mm=0 vpn=0"});
  CHECK(table.columns.empty());
  CHECK(print_table(table, 75) == "1 cpu_load mm=0 vpn=0 -> needs_fault\n");
}

}  // namespace hmm
