// Calls that are drawn to be held on their way.
#include "tools/runs/held_calls.h"

#include "tests/tools/binary.h"
#include "tools/runs/rapid_calls.h"
#include "traces/profile_file.h"

namespace hmm {

namespace {

std::string calls_of(const RecordedTrace& trace) {
  std::string text = "trace 1\n";
  for (const auto& [call, seen] : trace.steps) {
    text += print_call(call);
    if (call.result.is(Outcome::held)) text += " -> " + print_result(call.result);
    text += "\n";
  }
  return text + "end\n";
}

}  // namespace

TEST_CASE("calls that are held can be driven, and go on before the end") {
  const Profile k = load_profile("6.12");
  const auto drawn = draw_traces(k, 1, 40, 20);
  std::size_t held = 0, overtaking = 0, together = 0;
  for (const auto& trace : drawn) {
    const RecordedTrace some = hold_some(trace, k);
    const std::string text = calls_of(some);
    CAPTURE(text);
    // It is in order, as it is read.
    CHECK(parse_calls(text, "calls.txt", Results::optional).traces.size() == 1);
    CHECK(calls_of(hold_some(trace, k)) == text);
    std::size_t under_way = 0, at_once = 0;
    for (const auto& step : some.steps) {
      const bool is_held = step.call.result.is(Outcome::held);
      const bool was_held = std::any_of(some.steps.data(), &step, [&](const RecordedStep& other) {
        return other.call.result.is(Outcome::held) && other.call.repeats(step.call);
      });
      under_way += is_held ? 1 : 0;
      under_way -= !is_held && was_held && under_way > 0 ? 1 : 0;
      at_once = std::max(at_once, under_way);
      held += is_held ? 1 : 0;
      overtaking += !is_held && under_way > 0 ? 1 : 0;
    }
    together += at_once > 1 ? 1 : 0;
    CHECK(some.steps.size() <= 2 * trace.steps.size());
  }
  CHECK(held > 40);
  CHECK(overtaking > 40);
  CHECK(together > 5);
}

TEST_CASE("a call is held where it comes by, if anywhere") {
  const auto k = load_profile("6.12"), newest = load_profile("7.3");
  CHECK(places_of("mprotect", k) ==
        std::vector<std::string_view>{"at change_protection", "after change_protection"});
  CHECK(places_of("exclusive", k) ==
        std::vector<std::string_view>{"at make_device_exclusive_range",
                                      "after make_device_exclusive_range"});
  CHECK(places_of("exclusive", newest) ==
        std::vector<std::string_view>{"at make_device_exclusive", "after make_device_exclusive"});
  CHECK(places_of("exit", k).empty());
}

TEST_CASE("every place where a drawn call is held is one that the model knows") {
  for (const char* kernel : {"6.1", "6.12", "7.3"})
    for_each_call([&](const auto& call) {
      for (const auto place : places_of(call.row.name, load_profile(kernel))) {
        CAPTURE(kernel, place);
        const std::string_view when = place.starts_with("at ") ? "at " : "after ";
        REQUIRE(place.starts_with(when));
        CHECK(std::count(kPlaces.begin(), kPlaces.end(), place.substr(when.size())) == 1);
      }
    });
}

}  // namespace hmm
