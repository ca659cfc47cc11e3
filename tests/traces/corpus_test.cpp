// Every trace of the corpus does what it says, and in the Symbolic domain too.
#include <catch2/catch.hpp>
#include <filesystem>

#include "properties/engines/symbolic_state.h"
#include "tools/verbs/common.h"
#include "traces/replay.h"

namespace hmm {
namespace {

std::vector<std::string> corpus() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(HMM_SOURCE_DIR) + "/traces"))
    if (entry.path().extension() == ".trace") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// Runs one step as formulas on literals; false if verdict or successor differ from `after`.
template <Scope S>
bool symbolic_agrees(const Profile& k, const Leaves& before, const PlainStep& plain_step,
                     Verdict verdict, const Leaves& after) {
  using D = Symbolic<S>;
  const Step<Concrete<S>> own = typed<S>(plain_step);
  const auto one = [&]<std::size_t I>() {
    if (own.index() != I) return true;
    using SymStep = std::variant_alternative_t<I, Step<D>>;
    State<D> s = lift_record<State<D>>(state_of<S>(before));
    const SymStep symbolic = lift_record<SymStep>(std::get<I>(own));
    const SymNum v = symbolic.check(k, s);
    if (v.at_width(8).simplify().get_numeral_uint64() != static_cast<unsigned>(verdict))
      return false;
    if (!takes_effect(verdict)) return true;
    symbolic.apply(k, s, v);
    fit(s);
    const State<Concrete<S>> expected = state_of<S>(after);
    bool same = true;
    for_each_leaf(
        [&](const auto& a, const auto& b, Kind kind) {
          const unsigned width = width_of(kind, S);
          same = same && leaf_expr(a, width).simplify().hash() ==
                             leaf_expr(lift(b), width).simplify().hash();
        },
        s, expected);
    return same;
  };
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (one.template operator()<I>() && ...);
  }
  (std::make_index_sequence<kSteps>{});
}

}  // namespace

TEST_CASE("the corpus") {
  const auto files = corpus();
  REQUIRE(files.size() > 100);
  for (const auto& file : files) {
    CAPTURE(file);
    const TraceFile trace = load_trace(file, all_property_names());
    CHECK_FALSE(trace.comments.empty());
    const Profile k = trace.kernel();
    const auto machine = machine_at(trace.scope);
    bool symbolic_agreed = true;
    start(*machine, trace);
    Leaves before = machine->leaves();
    ReplayHooks hooks;
    hooks.after_step = [&](Verdict v, const TraceLine& line) {
      CHECK(machine->violated(k, kAllProperties) == 0);
      const Leaves after = machine->leaves();
      if (trace.sizes() == kTiny)
        symbolic_agreed = symbolic_agreed && symbolic_agrees<kTiny>(k, before, line.step, v, after);
      before = after;
    };
    const ReplayReport r = replay(trace, k, *machine, hooks);
    CHECK(r.divergence == "");
    CHECK(symbolic_agreed);
  }
}

}  // namespace hmm
