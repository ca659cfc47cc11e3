#include "properties/engines/compare_steps.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "model/step_infos.h"
#include "properties/engines/interrupter.h"
#include "properties/engines/judged_machine.h"
#include "properties/engines/solver_memory.h"
#include "properties/engines/step_formulas.h"
#include "properties/engines/symbolic_state.h"

namespace hmm {
namespace {

bool is_same(const std::vector<z3::expr>& a, const std::vector<z3::expr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const z3::expr& x, const z3::expr& y) { return z3::eq(x, y); });
}

unsigned value_of(const z3::model& m, const z3::expr& e) {
  const z3::expr v = m.eval(e, true);
  return v.is_bool() ? v.is_true() : static_cast<unsigned>(v.get_numeral_uint64());
}

z3::expr takes_effect(const StepFormulas& f) { return effective(SymNum(f.verdict.front())).e; }

// One thread's questions about one scope and two kernels.
class Comparer {
 public:
  Comparer(std::string_view scope, const Profile& a, const Profile& b,
           const CompareOptions& options)
      : scope_(scope), a_(a), b_(b), options_(options), given_(state_formulas(scope, a)) {}

  StepComparison compare(std::size_t kind) {
    StepComparison out;
    out.step = kind;
    if (step_infos()[kind].is_out_of_scope(machine_at(scope_)->scope())) {
      out.answer = Answer::out_of_scope;
      return out;
    }
    const StepFormulas a = step_formulas(scope_, a_, kind), b = step_formulas(scope_, b_, kind);
    out.same_text =
        is_same(a.verdict, b.verdict) && is_same(a.after, b.after) && is_same(a.stays, b.stays);
    if (out.same_text)
      out.answer = Answer::proved;
    else
      ask(a, b, out);
    return out;
  }

 private:
  void ask(const StepFormulas& a, const StepFormulas& b, StepComparison& out) {
    z3::expr differ = a.stays.front() != b.stays.front();
    for (std::size_t i = 0; i < a.after.size(); ++i)
      if (!z3::eq(a.after[i], b.after[i])) differ = differ || a.after[i] != b.after[i];
    if (!options_.where_steps_lead) differ = differ || a.verdict.front() != b.verdict.front();
    const z3::expr takes_a = counts(a), takes_b = counts(b);
    z3::solver solver = make_solver(options_.timeout_ms);
    solver.add(given_.in_range.front());
    solver.add(a.in_range.front());
    for (const auto& e : given_.holds) solver.add(e);
    solver.add(takes_a != takes_b || (takes_a && differ));
    const auto result = check(solver, options_.stop);
    if (result == z3::unsat) out.answer = Answer::proved;
    if (result == z3::sat) replay(a, solver.get_model(), out);
  }

  // The step is taken, and it matters.
  z3::expr counts(const StepFormulas& f) const {
    if (!options_.where_steps_lead) return takes_effect(f);
    z3::expr moves = !f.stays.front();
    for (std::size_t i = 0; i < f.after.size(); ++i)
      if (!z3::eq(f.after[i], f.state[i])) moves = moves || f.after[i] != f.state[i];
    return takes_effect(f) && moves;
  }

  void replay(const StepFormulas& a, const z3::model& m, StepComparison& out) {
    for (const auto& e : a.state) out.state.push_back(static_cast<std::uint8_t>(value_of(m, e)));
    PlainStep step{out.step, {}};
    for (const auto& e : a.step) step.values.push_back(value_of(m, e));
    const auto machine = machine_at(scope_);
    machine->restart(&out.state);
    out.a = machine->take(a_, step);
    const Leaves after_a = machine->leaves();
    machine->restart(&out.state);
    out.b = machine->take(b_, step);
    const Leaves after_b = machine->leaves();
    const auto counts = [&](Verdict v, const Leaves& after) {
      return hmm::takes_effect(v) && (!options_.where_steps_lead || after != out.state);
    };
    const bool takes_a = counts(out.a, after_a), takes_b = counts(out.b, after_b);
    const bool same_verdict = options_.where_steps_lead || out.a == out.b;
    if (takes_a == takes_b && (!takes_a || (same_verdict && after_a == after_b)))
      throw std::logic_error("the domains disagree on " + std::string(step_infos()[out.step].name));
    out.answer = Answer::refuted;
    out.counterexample = step;
  }

  std::string_view scope_;
  const Profile &a_, &b_;
  const CompareOptions& options_;
  StateFormulas given_;
};

}  // namespace

std::vector<StepComparison> compare_steps(std::string_view scope, const Profile& a,
                                          const Profile& b, const CompareOptions& options) {
  const auto machine = machine_at(scope);
  require_solver_memory();
  if (machine == nullptr) throw std::invalid_argument("no scope " + std::string(scope));
  std::vector<StepComparison> out(step_infos().size());
  for (std::size_t kind = 0; kind < out.size(); ++kind) out[kind].step = kind;
  std::vector<std::exception_ptr> failures(options.threads);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> is_over{false};
  const auto work = [&](unsigned self) {
    try {
      Comparer comparer(scope, a, b, options);
      for (std::size_t kind; (kind = next++) < out.size();) {
        const bool wanted =
            options.only_step.empty() || step_infos()[kind].name == options.only_step;
        if (!wanted || is_over || options.stop.stop_requested()) continue;
        const auto start = std::chrono::steady_clock::now();
        interruptibly(options.stop, [&] { out[kind] = comparer.compare(kind); });
        if (options.first_difference && out[kind].answer == Answer::refuted) is_over = true;
        out[kind].ms =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count();
      }
    } catch (...) {
      failures[self] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned t = 0; t < options.threads; ++t) workers.emplace_back(work, t);
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  if (!options.only_step.empty())
    std::erase_if(out, [&](const StepComparison& one) {
      return step_infos()[one.step].name != options.only_step;
    });
  return out;
}

}  // namespace hmm
