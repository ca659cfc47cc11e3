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
  using Pool = std::map<std::pair<Kind, unsigned>, z3::expr>;

 public:
  Unrolling(const Profile& k, const BoundedOptions<S>& options)
      : k_(k),
        wanted_(options.properties),
        solver_(make_solver(options.timeout_ms)),
        current_(lift_record<State<D>>(options.start)) {}

  // Adds one more instant.
  void extend() {
    const std::string name = "i" + std::to_string(choices_.size());
    const SymNum choice(smt().bv_const((name + ".step").c_str(), kChoiceBits));
    Pool pool;
    // No step is the default; each step that takes effect overrides it.
    State<D> next = current_;
    SymBool enabled = choice == SymNum(kSteps);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add_step<I>(name, choice, pool, next, enabled), ...);
    }
    (std::make_index_sequence<kSteps>{});
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
    pools_.push_back(std::move(pool));
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
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((choice.v == I ? steps.push_back(read_step<I>(i)) : void()), ...);
      }
      (std::make_index_sequence<kSteps>{});
    }
    return steps;
  }

 private:
  static constexpr unsigned kChoiceBits = std::bit_width(kSteps);

  template <std::size_t I>
  void add_step(const std::string& name, const SymNum& choice, Pool& pool, State<D>& next,
                SymBool& enabled) {
    using SymStep = std::variant_alternative_t<I, Step<D>>;
    if (is_out_of_scope<SymStep>(S)) return;
    SymStep step = from_pool<SymStep>(name, pool);
    const SymNum verdict = step.check(k_, current_);
    State<D> after = current_;
    step.apply(k_, after, verdict);
    const SymBool chosen = choice == SymNum(static_cast<unsigned>(I));
    enabled = enabled || (chosen && effective(verdict) && step_in_range<D>(step));
    for_each_leaf(
        [&](auto& to, auto& from, Kind kind) {
          narrow(from, width_of(kind, S));
          if (!same(to, from)) to = ite(chosen, from, to);
        },
        next, after);
  }

  template <class SymStep>
  static SymStep from_pool(const std::string& name, Pool& pool) {
    SymStep step{};
    std::map<Kind, unsigned> used;
    for_each_leaf(
        [&](auto& leaf, Kind kind) {
          const auto key = std::pair{kind, used[kind]++};
          const std::string variable = name + "." + std::to_string(static_cast<int>(kind)) + "." +
                                       std::to_string(key.second);
          make_variable(leaf, variable, width_of(kind, S));
          pool.emplace(key, leaf_expr(leaf, width_of(kind, S)));
        },
        step);
    return step;
  }

  template <std::size_t I>
  Step<Concrete<S>> read_step(std::size_t instant) const {
    using SymStep = std::variant_alternative_t<I, Step<D>>;
    using Own = std::variant_alternative_t<I, Step<Concrete<S>>>;
    Pool pool = pools_[instant];
    return read_record<Own>(*model_, from_pool<SymStep>("i" + std::to_string(instant), pool));
  }

  const Profile& k_;
  PropertySet wanted_;
  z3::solver solver_;
  State<D> current_;
  std::vector<z3::expr> assumptions_;
  std::vector<SymNum> choices_;
  std::vector<Pool> pools_;
  std::optional<z3::model> model_;
};

template <Scope S>
BoundedResult<S> prove_bounded(const Profile& k, const BoundedOptions<S>& options) {
  const auto start = Clock::now();
  BoundedResult<S> result;
  Unrolling<S> unrolling(k, options);
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
    result.counterexample = unrolling.path();
    auto s = options.start;
    bool applies = true;
    for (const auto& step : result.counterexample)
      applies = takes_effect(take<Concrete<S>>(k, s, step)) && applies;
    if (!applies || violated(k, s, options.properties) == 0)
      throw std::logic_error("the domains disagree on a bounded counterexample");
  }
  result.seconds = ms_since(start) / 1000;
  return result;
}

}  // namespace hmm
