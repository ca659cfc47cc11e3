// What is left of calls that a kernel dies of. The kernel here is a list of calls that it cannot
// bear one after the other, whatever is called in between.
#include "tools/runs/guest_reduce.h"

#include "tests/tools/binary.h"

namespace hmm {
namespace {

class FragileKernel {
 public:
  // Names of calls, and how it fails at the last of them, in whichever trace that is.
  FragileKernel(std::vector<std::string> calls, Driven how) : calls_(std::move(calls)), how_(how) {}

  std::vector<DrivenTrace> drive(const std::vector<RecordedTrace>& traces) {
    ++boots;
    std::vector<DrivenTrace> out;
    std::size_t next = 0;
    for (const auto& trace : traces) {
      out.push_back({});
      out.back().trace.seed = trace.seed;
      for (const auto& step : trace.steps) {
        out.back().trace.steps.push_back(step);
        next += row_of(step.call.what).name == calls_[next] ? 1 : 0;
        if (next < calls_.size()) continue;
        out.back().how = how_;
        return out;
      }
    }
    return out;
  }

  std::size_t boots = 0;

 private:
  std::vector<std::string> calls_;
  Driven how_;
};

std::vector<RecordedTrace> some_traces() {
  return parse_calls(
             "trace 1\nA mmap 0-3 rw anon\nA store 2 9\nA exclusive d3 1-3\nend\n"
             "trace 2\nA load 0\nA fork B\nB store 1 5\nend\n"
             "trace 3\nA load 3\nA dwrite d1 0-2 7\nA release d3\nA load 1\nend\n",
             "calls.txt", Results::optional)
      .traces;
}

ReduceOptions options_of(FragileKernel& kernel) {
  ReduceOptions options;
  options.drive = [&](const auto& traces) { return kernel.drive(traces); };
  return options;
}

}  // namespace

TEST_CASE("what a kernel dies of is left, in one trace if that does, with the simplest arguments") {
  FragileKernel kernel({"exclusive", "dwrite", "release"}, Driven::hangs);
  const Reduced reduced = reduce(some_traces(), options_of(kernel));
  CHECK(reduced.how == Driven::hangs);
  CHECK(reduced.boots == kernel.boots);
  CHECK((reduced.repeated == 5 && reduced.of == 5));
  REQUIRE(reduced.traces.size() == 1);
  std::string calls;
  for (const auto& step : reduced.traces.front().steps) calls += print_call(step.call) + "\n";
  CHECK(calls == "A exclusive d0 0-0\nA dwrite d0 0-0 1\nA release d0\n");
}

TEST_CASE("what comes through is not reduced") {
  FragileKernel kernel({"pin"}, Driven::oops);
  const Reduced reduced = reduce(some_traces(), options_of(kernel));
  CHECK(reduced.how == Driven::whole);
  CHECK((reduced.traces.empty() && reduced.boots == 1));
}

TEST_CASE("what is looked for may be another failure than a kernel's") {
  FragileKernel kernel({"pin"}, Driven::oops);
  ReduceOptions options = options_of(kernel);
  options.failing = [](const DrivenTrace& one) -> std::optional<RecordedTrace> {
    RecordedTrace cut{0, one.trace.seed, {}};
    for (const auto& step : one.trace.steps) {
      cut.steps.push_back(step);
      if (row_of(step.call.what).name == "dwrite") return cut;
    }
    return std::nullopt;
  };
  const Reduced reduced = reduce(some_traces(), options);
  CHECK(reduced.how == Driven::whole);
  REQUIRE(reduced.traces.size() == 1);
  REQUIRE(reduced.traces.front().steps.size() == 1);
  CHECK(print_call(reduced.traces.front().steps.front().call) == "A dwrite d0 0-0 1");
}

}  // namespace hmm
