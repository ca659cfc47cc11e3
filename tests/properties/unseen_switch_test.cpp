// Switches that differ between kernels and that calls that end before the next begins cannot
// show: proved, so that nobody need take it on trust. recordings/held/ is there for their sake.
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/scopes.h"
#include "properties/engines/step_formulas.h"
#include "properties/engines/symbolic_state.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

using D = Symbolic<kPair>;

SymBool mprotect_is_under_way(const State<D>& s) {
  SymBool any = false;
  for (const auto& inv : s.invalidation.slot) any = any || is_op<D>(inv, RangeOp::mprotect);
  return any;
}
SymBool some_vmas_are_locked(const State<D>& s) {
  SymBool any = mprotect_is_under_way(s);
  for (const auto& inv : s.invalidation.slot)
    any = any || is_op<D>(inv, RangeOp::munmap) || is_op<D>(inv, RangeOp::mremap);
  return any;
}

SymBool some_vmas_are_locked_or_read(const State<D>& s) {
  SymBool any = some_vmas_are_locked(s);
  for (const auto& inv : s.invalidation.slot)
    any = any || is_op<D>(inv, RangeOp::dontneed) || is_op<D>(inv, RangeOp::free);
  return any;
}

// The step does something else under the other profile; false where the formulas are the same.
z3::expr differs(const StepFormulas& a, const StepFormulas& b) {
  z3::expr differ = smt().bool_val(false);
  const auto add = [&](const z3::expr& x, const z3::expr& y) {
    if (!z3::eq(x, y)) differ = differ || x != y;
  };
  add(a.verdict.front(), b.verdict.front());
  for (std::size_t i = 0; i < a.after.size(); ++i) add(a.after[i], b.after[i]);
  return differ;
}

}  // namespace

TEST_CASE("a switch decides nothing unless a call that changes vmas is under way") {
  const auto [name, under_way] =
      GENERATE(std::pair{"restore_checks_vm_write", &mprotect_is_under_way},
               std::pair{"fault_locks_vma", &some_vmas_are_locked},
               std::pair{"madvise_locks_vma", &some_vmas_are_locked_or_read});
  const auto flag = switch_named(name)->at;
  for (const char* kernel : {"6.1", "6.12"}) {
    const Profile k = without_breaking_defects(load_profile(kernel));
    Profile other = k;
    other.*flag = !(other.*flag);
    const State<D> s = fresh_state<D>("s");
    std::size_t steps_it_decides = 0;
    for (std::size_t kind = 0; kind < kSteps; ++kind) {
      const StepFormulas a = step_formulas("pair", k, kind), b = step_formulas("pair", other, kind);
      const z3::expr differ = differs(a, b);
      if (differ.is_false()) continue;
      CAPTURE(name, kernel, kind);
      z3::solver solver = make_solver(60'000);
      solver.add(state_in_range<D>(s).e);
      solver.add(all_hold(k, s, kAllProperties).e);
      solver.add((effective(SymNum(a.verdict.front())) || effective(SymNum(b.verdict.front()))).e);
      solver.add(differ);
      // Whether it can decide something at all. At this scope a step that opens a range itself
      // never meets another.
      const auto decides = solver.check();
      REQUIRE(decides != z3::unknown);
      steps_it_decides += decides == z3::sat ? 1 : 0;
      solver.add((!under_way(s)).e);
      CHECK(solver.check() == z3::unsat);
    }
    CHECK(steps_it_decides > 0);
  }
}

}  // namespace hmm
