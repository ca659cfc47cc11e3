// RapidCheck draws step sequences; what fails is saved and printed as a trace, then shrunk.
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tools/verbs/failure.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

constexpr Scope S = kDefault;
using D = Concrete<S>;
using Steps = std::vector<Step<D>>;

template <class Own>
rc::Gen<Step<D>> arbitrary_step() {
  return rc::gen::exec([] {
    Own step{};
    for_each_leaf(
        [](auto& leaf, Kind kind) {
          const Range range = range_of(kind, S);
          const unsigned v =
              *rc::gen::inRange(range.first, range.first + (range.count == 0 ? 1 : range.count));
          if constexpr (std::is_same_v<std::remove_reference_t<decltype(leaf)>, bool>)
            leaf = v != 0;
          else
            leaf = v;
        },
        step);
    return Step<D>(step);
  });
}

template <class... Own>
rc::Gen<Step<D>> arbitrary_of(std::type_identity<std::variant<Own...>>) {
  return rc::gen::oneOf(arbitrary_step<Own>()...);
}

rc::Gen<Steps> arbitrary_steps() {
  return rc::gen::resize(400,
                         rc::gen::container<Steps>(arbitrary_of(std::type_identity<Step<D>>{})));
}

PropertySet first_violation(const Profile& k, const Steps& steps) {
  auto s = initial_state<D>();
  for (const auto& step : steps) {
    take<D>(k, s, step);
    if (const auto bad = violated(k, s, kAllProperties); bad != 0) return bad;
  }
  return 0;
}

}  // namespace

TEST_CASE("every property holds after every step") {
  for (const auto& name : profile_names()) {
    const Profile k = load_profile(name);
    rc::prop("from an address space with nothing mapped, profile " + name, [&] {
      const Steps steps = *arbitrary_steps();
      const PropertySet bad = first_violation(k, steps);
      if (bad != 0) {
        RunOptions o;
        o.save = "random_test-failure.trace";
        RC_LOG(save_failure<S>(o, k, "default", steps, bad));
      }
      RC_ASSERT(bad == 0);
    });
  }
}

TEST_CASE("a broken rule is found, saved, and shrunk to its shortest trace") {
  Profile k = load_profile("6.12");
  set_switch(k, "commit_checks_seq=0");
  RunOptions o;
  o.save = (std::filesystem::temp_directory_path() / "hmmcheck-random-test.trace").string();
  // Drawn steps around the bug, as a long random run would have them.
  const auto trace = load_trace(std::string(HMM_SOURCE_DIR) + "/traces/starts/mapped.trace", {});
  Steps steps;
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::step) steps.push_back(typed<S>(line.step));
  steps.push_back(MmuIntervalReadBegin<D>{});
  steps.push_back(CpuStore<D>{});
  steps.push_back(HmmRangeFault<D>{});
  steps.push_back(Munmap<D>{});
  steps.push_back(CpuLoad<D>{});
  steps.push_back(MnItreeInvalidate<D>{});
  steps.push_back(MmuIntervalReadRetry<D>{});
  const PropertySet bad = first_violation(k, steps);
  REQUIRE(bad != 0);
  const std::string text = save_failure<S>(o, k, "default", steps, bad);
  CHECK(read_input(o.save) == text);
  const auto shortest = parse_trace(text, o.save, all_property_names());
  std::size_t count = 0;
  for (const auto& line : shortest.lines) count += line.kind == TraceLine::Kind::step ? 1 : 0;
  CHECK(count == 7);
  std::filesystem::remove(o.save);
}

}  // namespace hmm
