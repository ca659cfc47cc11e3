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
        stop_(options.stop),
        solver_(make_solver(options.timeout_ms)),
        current_(lift_record<State<D>>(start)) {}

  // Adds one more instant.
  void extend() {
    const std::size_t instant = choices_.size();
    const std::string name = "i" + std::to_string(instant);
    const SymNum choice(smt().bv_const((name + ".step").c_str(), kChoiceBits));
    // Runs do not go on from where they leave the ranges.
    assumptions_.push_back((!leaves_).e);
    leaves_ = false;
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
        [&](const auto& to, const auto& from, const Sort& sort) {
          const unsigned width = width_of(sort, S);
          assumptions_.push_back(leaf_expr(to, width) == leaf_expr(from, width));
        },
        named, next);
    choices_.push_back(choice);
    current_ = std::move(named);
  }

  z3::check_result violated_at_end() { return query(!leaves_ && !all_hold(k_, current_, wanted_)); }
  // Whether the last step leads out of the ranges of the scope.
  z3::check_result leaves_at_end() { return leaves_.e.is_false() ? z3::unsat : query(leaves_); }

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

  z3::check_result query(const SymBool& claim) {
    solver_.reset();
    for (const auto& a : assumptions_) solver_.add(a);
    solver_.add(claim.e);
    const auto result = check(solver_, stop_);
    if (result == z3::sat) model_ = solver_.get_model();
    return result;
  }

  void add_step(std::size_t kind, std::size_t instant, const SymNum& choice, State<D>& next,
                SymBool& enabled) {
    const auto step = SymbolicStep<S>::make(kind, shared_names(instant));
    if (step->is_out_of_scope()) return;
    const SymNum verdict = step->check(k_, current_);
    State<D> after = current_;
    step->apply(k_, after, verdict);
    const SymBool chosen = choice == SymNum(static_cast<unsigned>(kind));
    enabled = enabled || (chosen && effective(verdict) && step->in_range());
    // That no step does is proved of the rules as they are (prove_induction.h), not of what is left
    // of them.
    if (!k_.drops.empty()) leaves_ = leaves_ || (chosen && !state_in_range<D>(after));
    for_each_leaf(
        [&](auto& to, auto& from, const Sort& sort) {
          narrow(from, width_of(sort, S));
          if (!same_formula(to, from)) to = ite(chosen, from, to);
        },
        next, after);
  }

  // Of an instant's steps, the n-th fields of one sort are one variable.
  static typename SymbolicStep<S>::Names shared_names(std::size_t instant) {
    // By place: sorts have no order.
    return [instant, seen = std::vector<std::pair<Sort, unsigned>>{}](const Sort& sort) mutable {
      const auto found = std::find_if(seen.begin(), seen.end(),
                                      [&](const auto& one) { return one.first == sort; });
      const auto place = found - seen.begin();
      if (found == seen.end()) seen.emplace_back(sort, 0);
      return "i" + std::to_string(instant) + "." + std::to_string(place) + "." +
             std::to_string(seen[static_cast<std::size_t>(place)].second++);
    };
  }

  const Profile& k_;
  PropertySet wanted_;
  std::stop_token stop_;
  z3::solver solver_;
  State<D> current_;
  std::vector<z3::expr> assumptions_;
  std::vector<SymNum> choices_;
  SymBool leaves_ = false;  // the last step leads out of the ranges
  std::optional<z3::model> model_;
};

// The run, from where it starts, in Concrete: what it violates at its end; nothing if a step of it
// is rejected, which is where the domains disagree.
template <Scope S>
std::optional<PropertySet> violated_by(const Profile& k, const BoundedOptions& options,
                                       State<Concrete<S>> s,
                                       const std::vector<Step<Concrete<S>>>& steps) {
  for (const auto& step : steps)
    if (!takes_effect(take<Concrete<S>>(k, s, step))) return std::nullopt;
  return violated(k, s, options.properties);
}

// A run that leaves the ranges with its last step is a counterexample if it violates something
// there, and else leaves open what comes after it.
template <Scope S>
void judge_way_out(Unrolling<S>& unrolling, const Profile& k, const BoundedOptions& options,
                   const State<Concrete<S>>& start, BoundedResult& result,
                   std::vector<Step<Concrete<S>>>& counterexample) {
  const auto leaves = unrolling.leaves_at_end();
  if (leaves == z3::unknown) result.answer = Answer::unknown;
  if (leaves != z3::sat) return;
  const auto path = unrolling.path();
  if (violated_by(k, options, start, path).value_or(0) != 0) {
    result.answer = Answer::refuted;
    counterexample = path;
  } else if (result.way_out.empty()) {
    result.way_out = plain_steps<S>(path);
  }
}

// Sets result, but for its seconds.
template <Scope S>
void deepen(const Profile& k, const BoundedOptions& options, BoundedResult& result) {
  const auto start = options.start ? state_of<S>(*options.start) : initial_state<Concrete<S>>();
  Unrolling<S> unrolling(k, options, start);
  std::vector<Step<Concrete<S>>> out_path;  // to a violation outside the ranges
  for (unsigned depth = 0; depth <= options.to; ++depth) {
    if (depth > 0) unrolling.extend();
    if (depth < options.from) continue;
    const auto sat = unrolling.violated_at_end();
    result.depth = depth;
    result.answer = sat == z3::unsat ? Answer::proved
                    : sat == z3::sat ? Answer::refuted
                                     : Answer::unknown;
    if (result.answer == Answer::proved)
      judge_way_out(unrolling, k, options, start, result, out_path);
    if (result.answer != Answer::proved) break;
  }
  // The model is run in Concrete before anybody hears of it.
  if (result.answer == Answer::refuted) {
    auto path = out_path.empty() ? unrolling.path() : out_path;
    if (violated_by(k, options, start, path).value_or(0) == 0)
      throw std::logic_error("the domains disagree on a bounded counterexample");
    result.counterexample = plain_steps<S>(path);
  }
  if (result.answer == Answer::proved && !result.way_out.empty()) result.answer = Answer::unknown;
}

template <Scope S>
BoundedResult prove_bounded(const Profile& k, const BoundedOptions& options) {
  const auto begun = Clock::now();
  BoundedResult result;
  if (!interruptibly(options.stop, [&] { deepen<S>(k, options, result); }) &&
      result.answer != Answer::refuted)
    result.answer = Answer::unknown;
  result.seconds = ms_since(begun) / 1000;
  return result;
}

}  // namespace hmm
