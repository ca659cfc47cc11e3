// Calls as a C program: every call can be written.
#include "tools/runs/c_program.h"

#include "tests/tools/binary.h"

namespace hmm {
namespace {

RecordedTrace trace_of(const std::string& text) {
  return parse_calls(text, "calls.txt", Results::required).traces.front();
}

}  // namespace

TEST_CASE("every call can be written in C") {
  for_each_call([](const auto& call) {
    CAPTURE(std::string(call.row.name));
    CHECK(is_written_in_c(c_of(call).name));
  });
  CHECK(c_of(call::DeviceWrite{{2}, {0, 3}, {5}}).written == "call_dwrite(2, 0, 3, 5)");
  CHECK(c_of(call::Mmap{{0, 1}, call::Rights::rw, call::Memory::shared}).written ==
        "call_mmap(0, 1, PROT_READ | PROT_WRITE, MAP_SHARED)");
}

TEST_CASE("a program has what its calls need, and nothing else") {
  const std::string text =
      c_program(trace_of("trace 1\nA mmap 0-0 rw anon -> ok\nA load 0 -> 0\nend\n"));
  CHECK_THAT(text, Catch::Contains("static void call_load(") &&
                       Catch::Contains("\tA(call_load(0), \"load 0\", \"0\");\n") &&
                       Catch::Contains(" *   A load 0 -> 0\n"));
  CHECK_THAT(text, !Catch::Contains("call_store(") && !Catch::Contains("dmirror(") &&
                       !Catch::Contains("@"));
}

}  // namespace hmm
