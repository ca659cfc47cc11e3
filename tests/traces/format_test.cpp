// traces/recordings/FORMAT.md says of each call what its row says.
#include <catch2/catch.hpp>
#include <fstream>

#include "traces/call_text.h"

namespace hmm {
namespace {

const std::string kPath = std::string(HMM_SOURCE_DIR) + "/traces/recordings/FORMAT.md";

// A text cut before and after its table of calls.
struct Parts {
  std::string before, table, after;
};
Parts parts_of(const std::string& text) {
  const std::size_t from = text.find("\n| call |") + 1;
  const std::size_t to = text.find("\n\n", from) + 1;
  REQUIRE((from != 0 && to != 0));
  return {text.substr(0, from), text.substr(from, to - from), text.substr(to)};
}

}  // namespace

TEST_CASE("the table of calls in FORMAT.md is that of the rows") {
  INFO("build/tests/test_traces_format [rewrite] writes it anew");
  CHECK(parts_of(read_input(kPath)).table == calls_table());
}

TEST_CASE("rewrite the table of calls in FORMAT.md", "[.rewrite]") {
  const Parts parts = parts_of(read_input(kPath));
  std::ofstream(kPath) << parts.before << calls_table() << parts.after;
}

TEST_CASE("a row of the table has the call as it is written, and escapes what a table would take") {
  const std::string table = calls_table();
  for (const char* line :
       {"\n| `load P` | a value, a signal | the CPU reads the first 4 bytes of the page |\n",
        "\n| `mremap P Q` | `ok`, an errno | one page, `MREMAP_MAYMOVE \\| MREMAP_FIXED` |\n",
        "\n| `dread D R` | `ok cpages=N faults=N V...`, an errno | `HMM_DMIRROR_READ` |\n",
        "\n| `mprotect R none\\|r\\|rw` | `ok`, an errno | the system call |\n"})
    CHECK(table.find(line) != table.npos);
}

}  // namespace hmm
