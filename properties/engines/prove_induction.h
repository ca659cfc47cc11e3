#pragma once
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "properties/engines/prove.h"
#include "properties/engines/step_formulas.h"
#include "properties/engines/symbolic_state.h"

namespace hmm {

using Clock = std::chrono::steady_clock;
inline double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <Scope S, std::size_t I>
class StepProof {
  using D = Symbolic<S>;
  using SymStep = std::variant_alternative_t<I, Step<D>>;
  using OwnStep = std::variant_alternative_t<I, Step<Concrete<S>>>;

 public:
  StepProof(const Profile& k, const ProveOptions& options)
      : k_(k),
        options_(options),
        state_(fresh_state<D>("s")),
        step_(fresh<D, SymStep>("op")),
        verdict_(step_.check(k, state_)),
        after_(state_) {
    step_.apply(k, after_, verdict_);
    fit(after_);
  }

  std::vector<ProofResult<S>> run() {
    std::vector<ProofResult<S>> results;
    auto start = Clock::now();
    const auto can_fire = query(SymBool(true));
    if (can_fire != z3::sat) {
      const Answer answer = can_fire == z3::unsat ? Answer::vacuous : Answer::unknown;
      return everything(answer, ms_since(start));
    }
    // Most steps preserve everything: ask that at once, and one by one only if they do not.
    const SymBool in_range = state_in_range<D>(after_);
    SymBool all = all_hold(k_, after_, options_.properties) && in_range;
    if (query(!all) == z3::unsat) return everything(Answer::proved, ms_since(start));
    [&]<std::size_t... P>(std::index_sequence<P...>) { (one<P>(results), ...); }
    (std::make_index_sequence<kProperties>{});
    judge_range(query(!in_range), results);
    return results;
  }

  // A step that leaves the ranges of its scope though it keeps every property: the proofs of the
  // others are then about states that they do not cover.
  static void judge_range(z3::check_result leaves, std::vector<ProofResult<S>>& results) {
    if (leaves == z3::unsat) return;
    for (const auto& r : results)
      if (r.answer == Answer::refuted) return;
    if (leaves == z3::sat)
      throw std::logic_error(std::string(OwnStep::name) + " leaves the ranges of its scope");
    for (auto& r : results) r.answer = Answer::unknown;
  }

  std::vector<ProofResult<S>> everything(Answer answer, double ms) const {
    std::vector<ProofResult<S>> results;
    for (std::size_t p = 0; p < kProperties; ++p)
      if ((options_.properties >> p & 1) != 0)
        results.push_back({I, p, answer, ms / kProperties, {}, {}});
    return results;
  }

 private:
  template <std::size_t P>
  void one(std::vector<ProofResult<S>>& results) {
    if ((options_.properties >> P & 1) == 0) return;
    const auto start = Clock::now();
    ProofResult<S> result{I, P, Answer::proved, 0, {}, {}};
    const auto sat = query(!std::tuple_element_t<P, Properties>::holds(k_, after_));
    if (sat == z3::unknown) result.answer = Answer::unknown;
    if (sat == z3::sat) refute(result);
    result.ms = ms_since(start);
    results.push_back(std::move(result));
  }

  // The model is run in Concrete before anybody hears of it.
  void refute(ProofResult<S>& result) {
    result.answer = Answer::refuted;
    result.state = read_record<State<Concrete<S>>>(*model_, state_);
    const auto step = read_record<OwnStep>(*model_, step_);
    result.counterexample = step;
    auto after = *result.state;
    if (!takes_effect(take<Concrete<S>>(k_, after, step)) ||
        (violated(k_, after, kAllProperties) >> result.property & 1) == 0)
      throw std::logic_error(std::string("the domains disagree on ") + OwnStep::name);
  }

  z3::check_result query(const SymBool& claim) {
    z3::solver solver = make_solver(options_.timeout_ms);
    solver.add(state_in_range<D>(state_).e);
    solver.add(step_in_range<D>(step_).e);
    solver.add(all_hold(k_, state_, kAllProperties).e);
    solver.add(effective(verdict_).e);
    solver.add(claim.e);
    const auto result = solver.check();
    if (result == z3::sat) model_ = solver.get_model();
    return result;
  }

  const Profile& k_;
  const ProveOptions& options_;
  State<D> state_;
  SymStep step_;
  SymNum verdict_;
  State<D> after_;
  std::optional<z3::model> model_;
};

template <Scope S, std::size_t I>
std::vector<ProofResult<S>> prove_step(const Profile& k, const ProveOptions& options) {
  using Own = std::variant_alternative_t<I, Step<Concrete<S>>>;
  if (!options.only_step.empty() && options.only_step != Own::name) return {};
  StepProof<S, I> proof(k, options);
  if (is_out_of_scope<Own>(S)) return proof.everything(Answer::out_of_scope, 0);
  return proof.run();
}

template <class D, class R>
void add_leaves(const R& record, std::vector<z3::expr>& leaves) {
  for_each_leaf([&](const auto& leaf,
                    Kind kind) { leaves.push_back(leaf_expr(leaf, width_of(kind, D::scope))); },
                record);
}

template <Scope S, std::size_t I>
StepFormulas formulas_of_step(const Profile& k) {
  using D = Symbolic<S>;
  using SymStep = std::variant_alternative_t<I, Step<D>>;
  State<D> s = fresh_state<D>("s");
  const SymStep step = fresh<D, SymStep>("op");
  const SymNum verdict = step.check(k, s);
  StepFormulas out;
  add_leaves<D>(s, out.state);
  add_leaves<D>(step, out.step);
  step.apply(k, s, verdict);
  fit(s);
  add_leaves<D>(s, out.after);
  out.verdict.push_back(verdict.at_width(std::bit_width(kVerdicts)));
  return out;
}

template <Scope S>
StepFormulas step_formulas(const Profile& k, std::size_t step) {
  using Formulas = StepFormulas (*)(const Profile&);
  constexpr auto table = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Formulas, kSteps>{&formulas_of_step<S, I>...};
  }
  (std::make_index_sequence<kSteps>{});
  return table[step](k);
}

template <Scope S>
ProofReport<S> prove(const Profile& k, const ProveOptions& options) {
  const auto start = Clock::now();
  using Prove = std::vector<ProofResult<S>> (*)(const Profile&, const ProveOptions&);
  constexpr auto table = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Prove, kSteps>{&prove_step<S, I>...};
  }
  (std::make_index_sequence<kSteps>{});

  std::array<std::vector<ProofResult<S>>, kSteps> results;
  std::array<std::exception_ptr, 16> failures{};
  std::atomic<std::size_t> next{0};
  {
    std::vector<std::jthread> workers;
    for (unsigned t = 0; t < options.threads && t < failures.size(); ++t)
      workers.emplace_back([&, t] {
        try {
          for (std::size_t i; (i = next++) < kSteps;) {
            results[i] = table[i](k, options);
            if (options.progress) options.progress(next);
          }
        } catch (...) {
          failures[t] = std::current_exception();
        }
      });
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);

  ProofReport<S> report;
  report.initial_bad = violated(k, initial_state<Concrete<S>>(), options.properties);
  for (auto& r : results) report.results.insert(report.results.end(), r.begin(), r.end());
  report.seconds = ms_since(start) / 1000;
  return report;
}

}  // namespace hmm
