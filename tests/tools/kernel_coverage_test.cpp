// What gcov says of a kernel's source, and what a table makes of it.
#include "tools/runs/kernel_coverage.h"

#include <stdexcept>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kJson = R"({"files": [
  {"file": "include/linux/mm.h", "lines": [{"line_number": 1, "count": 1, "branches": []}]},
  {"file": "/src/mm/memory.c", "lines": [
    {"line_number": 10, "function_name": "do_swap_page", "count": 2,
     "branches": [{"count": 2}, {"count": 0}]},
    {"line_number": 11, "function_name": "do_swap_page", "count": 0, "branches": []},
    {"line_number": 12, "function_name": "do_swap_page", "count": 0, "branches": []},
    {"line_number": 99, "function_name": "do_fault", "count": 1, "branches": []}]}]})";
const std::string kRow = "mm/memory.c, HMM's functions";

}  // namespace

TEST_CASE("lines and branches of the functions of a row are counted") {
  const Executed executed = parse_gcov(kJson, kRow);
  CHECK(executed.all_lines == std::set<unsigned>{10, 11, 12});
  CHECK(executed.lines == std::set<unsigned>{10});
  CHECK(executed.all_branches.size() == 2);
  CHECK(executed.of_branches() == 50);
  CHECK(parse_gcov(kJson, "mm/hmm.c").all_lines.empty());
  CHECK_THROWS_AS(parse_gcov("none", kRow), std::runtime_error);
}

TEST_CASE("what several kernels executed adds up") {
  KernelCoverage sum, one{{kRow, parse_gcov(kJson, kRow)}}, other = one;
  other[kRow].lines = {11, 12};
  add(sum, one);
  add(sum, other);
  CHECK(sum[kRow].of_lines() == 100);
  CHECK(only_in(sum, one) == "mm/memory.c:11-12\n");
  CHECK(only_in(one, sum).empty());
  CHECK_THAT(coverage_table(one, other), Catch::Contains("33.3 %   66.7 %  100.0 %"));
}

}  // namespace hmm
