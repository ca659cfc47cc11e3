#pragma once
#include <map>

#include "properties/engines/prove_induction.h"

namespace hmm {

// The transition relation of all steps at once, unrolled. Steps share their fields' variables by
// kind, so an instant has as few free bits as its widest step. A last choice, "no step", lets one
// query at depth n cover every shorter one.
template <Scope S>
class Unrolling {
  using D = Symbolic<S>;

 public:
  Unrolling(const Profile& k, const BoundedOptions& options, const State<Concrete<S>>& start)
      : k_(k),
        wanted_(options.properties),
        solver_(make_solver(options.timeout_ms)),
        current_(lift_record<State<D>>(start)) {}

  // Adds one more instant.
  void extend() {
    const std::size_t instant = choices_.size();
    const std::string name = "i" + std::to_string(instant);
    const SymNum choice(smt().bv_const((name + ".step").c_str(), kChoiceBits));
    // No step is the default; each step that takes effect overrides it.
    State<D> next = current_;
    SymBool enabled = choice == SymNum(kSteps);
    for (std::size_t kind = 0; kind < kSteps; ++kind)
      add_step(kind, instant, choice, next, enabled);
    fit(next);
    assumptions_.push_back(enabled.e);
    // Fresh names keep the formulas of later instants small.
    State<D> named = fresh_state<D>(name + ".s");
    for_each_leaf(
        [&](const auto& to, const auto& from, Kind kind) {
          const unsigned width = width_of(kind, S);
          assumptions_.push_back(leaf_expr(to, width) == leaf_expr(from, width));
        },
        named, next);
    choices_.push_back(choice);
    current_ = std::move(named);
  }

  z3::check_result violated_at_end() {
    solver_.reset();
    for (const auto& a : assumptions_) solver_.add(a);
    solver_.add((!all_hold(k_, current_, wanted_)).e);
    const auto result = solver_.check();
    if (result == z3::sat) model_ = solver_.get_model();
    return result;
  }

  std::vector<Step<Concrete<S>>> path() const {
    std::vector<Step<Concrete<S>>> steps;
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      Small choice;
      read_leaf(*model_, choices_[i], choice);
      if (choice.v < kSteps)
        steps.push_back(SymbolicStep<S>::make(choice.v, shared_names(i))->read(*model_));
    }
    return steps;
  }

 private:
  static constexpr unsigned kChoiceBits = std::bit_width(kSteps);

  void add_step(std::size_t kind, std::size_t instant, const SymNum& choice, State<D>& next,
                SymBool& enabled) {
    const auto step = SymbolicStep<S>::make(kind, shared_names(instant));
    if (step->is_out_of_scope()) return;
    const SymNum verdict = step->check(k_, current_);
    State<D> after = current_;
    step->apply(k_, after, verdict);
    const SymBool chosen = choice == SymNum(static_cast<unsigned>(kind));
    enabled = enabled || (chosen && effective(verdict) && step->in_range());
    for_each_leaf(
        [&](auto& to, auto& from, Kind of) {
          narrow(from, width_of(of, S));
          if (!same(to, from)) to = ite(chosen, from, to);
        },
        next, after);
  }

  // Of an instant's steps, the n-th fields of one kind are one variable.
  static typename SymbolicStep<S>::Names shared_names(std::size_t instant) {
    return [instant, used = std::map<Kind, unsigned>{}](Kind kind) mutable {
      return "i" + std::to_string(instant) + "." + std::to_string(static_cast<int>(kind)) + "." +
             std::to_string(used[kind]++);
    };
  }

  const Profile& k_;
  PropertySet wanted_;
  z3::solver solver_;
  State<D> current_;
  std::vector<z3::expr> assumptions_;
  std::vector<SymNum> choices_;
  std::optional<z3::model> model_;
};

template <Scope S>
BoundedResult prove_bounded(const Profile& k, const BoundedOptions& options) {
  const auto begun = Clock::now();
  BoundedResult result;
  const auto start = options.start ? state_of<S>(*options.start) : initial_state<Concrete<S>>();
  Unrolling<S> unrolling(k, options, start);
  for (unsigned depth = 0; depth <= options.to; ++depth) {
    if (depth > 0) unrolling.extend();
    if (depth < options.from) continue;
    const auto sat = unrolling.violated_at_end();
    result.depth = depth;
    result.answer = sat == z3::unsat ? Answer::proved
                    : sat == z3::sat ? Answer::refuted
                                     : Answer::unknown;
    if (result.answer != Answer::proved) break;
  }
  if (result.answer == Answer::refuted) {
    // The model is run in Concrete before anybody hears of it.
    const auto path = unrolling.path();
    result.counterexample = plain_steps<S>(path);
    auto s = start;
    bool applies = true;
    for (const auto& step : path) applies = takes_effect(take<Concrete<S>>(k, s, step)) && applies;
    if (!applies || violated(k, s, options.properties) == 0)
      throw std::logic_error("the domains disagree on a bounded counterexample");
  }
  result.seconds = ms_since(begun) / 1000;
  return result;
}

}  // namespace hmm
