// Every trace of the corpus does what it says, and in the Symbolic domain too.
#include <catch2/catch.hpp>
#include <filesystem>

#include "properties/engines/symbolic_state.h"
#include "tools/verbs/failure.h"

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
template <Scope S, class Own>
bool symbolic_agrees(const Profile& k, const State<Concrete<S>>& before, const Own& own,
                     Verdict verdict, const State<Concrete<S>>& after) {
  using D = Symbolic<S>;
  return std::visit(
      [&]<class O>(const O& step) {
        constexpr std::size_t I = [] {
          std::size_t at = 0;
          [&]<std::size_t... J>(std::index_sequence<J...>) {
            ((std::is_same_v<std::variant_alternative_t<J, Step<Concrete<S>>>, O> ? (at = J, 0)
                                                                                  : 0),
             ...);
          }
          (std::make_index_sequence<kSteps>{});
          return at;
        }();
        using SymStep = std::variant_alternative_t<I, Step<D>>;
        State<D> s = lift_record<State<D>>(before);
        const SymStep symbolic = lift_record<SymStep>(step);
        const SymNum v = symbolic.check(k, s);
        if (v.at_width(8).simplify().get_numeral_uint64() != static_cast<unsigned>(verdict))
          return false;
        if (!takes_effect(verdict)) return true;
        symbolic.apply(k, s, v);
        fit(s);
        bool same = true;
        for_each_leaf(
            [&](const auto& a, const auto& b, Kind kind) {
              const unsigned width = width_of(kind, S);
              same = same && leaf_expr(a, width).simplify().hash() ==
                                 leaf_expr(lift(b), width).simplify().hash();
            },
            s, after);
        return same;
      },
      own);
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
    at_scope(trace.scope, [&]<Scope S>() {
      ReplayHooks<S> hooks;
      auto before = start_of<S>(trace);
      bool symbolic_agreed = true;
      hooks.after_step = [&](const auto& s, const auto& step, Verdict v, const TraceLine&) {
        CHECK(violated(k, s, kAllProperties) == 0);
        if constexpr (S == kTiny)
          symbolic_agreed = symbolic_agreed && symbolic_agrees<S>(k, before, step, v, s);
        before = s;
      };
      const auto r = replay<S>(trace, k, hooks);
      CHECK(r.report.divergence == "");
      CHECK(symbolic_agreed);
    });
  }
}

}  // namespace hmm
