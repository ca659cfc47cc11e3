#pragma once
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "model/plain.h"
#include "model/step_infos.h"
#include "properties/engines/engines.h"
#include "properties/engines/interrupter.h"
#include "properties/engines/prove_claims.h"
#include "properties/engines/step_formulas.h"
#include "properties/engines/symbolic_step.h"
#include "properties/waivers.h"

namespace hmm {

using Clock = std::chrono::steady_clock;
inline double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Properties that compare sums of many holders: they are asked for each page by itself.
constexpr PropertySet sums() {
  PropertySet set = 0;
  for (std::size_t i = 0; i < kProperties; ++i)
    if (kPropertyInfos[i].name == "refcount_is_accounted") set |= PropertySet{1} << i;
  return set;
}
static_assert(sums() != 0);

// What a claim says, piece by piece: all of it together is the claim.
inline void add_conjuncts(const z3::expr& e, std::vector<z3::expr>& out) {
  if (e.is_and())
    for (unsigned i = 0; i < e.num_args(); ++i) add_conjuncts(e.arg(i), out);
  else
    out.push_back(e);
}

// The same answer for every property that is asked for.
inline std::vector<ProofResult> everything(const ProveOptions& options, std::size_t kind,
                                           Answer answer, double ms) {
  std::vector<ProofResult> results;
  for (std::size_t p = 0; p < kProperties; ++p)
    if ((options.properties >> p & 1) != 0)
      results.push_back({kind, p, answer, ms / kProperties, {}, {}});
  return results;
}

template <Scope S>
class StepProof {
  using D = Symbolic<S>;

 public:
  StepProof(const Profile& k, const ProveOptions& options, std::size_t kind,
            std::unique_ptr<SymbolicStep<S>> step)
      : k_(k),
        options_(options),
        kind_(kind),
        state_(fresh_state<D>("s")),
        step_(std::move(step)),
        verdict_(step_->check(k, state_)),
        after_(state_) {
    step_->apply(k, after_, verdict_);
    in_range_ = state_in_range<D>(after_);
    fit(after_);
  }

  std::vector<ProofResult> run() {
    std::vector<ProofResult> results;
    auto start = Clock::now();
    const auto can_fire = query(SymBool(true));
    if (can_fire != z3::sat) {
      const StepInfo& step = step_infos()[kind_];
      const Answer answer = can_fire != z3::unsat                        ? Answer::unknown
                            : does_without(step.name, step.verdicts, k_) ? Answer::out_of_scope
                                                                         : Answer::vacuous;
      return everything(options_, kind_, answer, ms_since(start));
    }
    // Most steps preserve everything: ask that at once, and one by one if they do not or that is
    // too much. A sum of many holders for each page is what the solver is worst at.
    const PropertySet at_once = options_.properties & ~sums();
    start = Clock::now();
    const bool kept = query(!(all_hold(k_, after_, at_once) && in_range_)) == z3::unsat;
    const double ms = ms_since(start) / kProperties;
    for (std::size_t p = 0; p < kProperties; ++p) {
      const PropertySet set = PropertySet{1} << p;
      if ((options_.properties & set) == 0) continue;
      if (options_.stop.stop_requested())
        results.push_back({kind_, p, Answer::unknown, 0, {}, {}});
      else if (kept && (at_once & set) != 0)
        results.push_back({kind_, p, Answer::proved, ms, {}, {}});
      else
        results.push_back(one(p));
    }
    if (!kept && query(!in_range_) != z3::unsat) judge_way_out(results);
    return results;
  }

  // The step leaves the ranges of its scope, as rules of which one is dropped may do. What is
  // violated there is refuted; of the rest the proofs cover only what stays within.
  void judge_way_out(std::vector<ProofResult>& results) {
    for (auto& r : results) {
      if (r.answer != Answer::proved) continue;
      if (!model_ || !refutes(r)) {
        r.answer = Answer::unknown;
        r.leaves_ranges = true;
      }
    }
  }

 private:
  ProofResult one(std::size_t property) {
    const auto start = Clock::now();
    ProofResult result{kind_, property, Answer::proved, 0, {}, {}};
    const SymBool whole = all_hold(k_, after_, PropertySet{1} << property);
    const bool in_pieces = (sums() >> property & 1) != 0;
    if (in_pieces || !decide(whole, result)) {
      // A claim at a time: of each page, of each slot.
      std::vector<z3::expr> claims;
      add_conjuncts(whole.e, claims);
      result.answer = Answer::proved;
      for (std::size_t i = 0; i < claims.size() && result.answer != Answer::refuted; ++i)
        decide(SymBool(claims[i]), result);
    }
    result.ms = ms_since(start);
    return result;
  }

  // Asks for one claim of the property, of what stays within the ranges. False, and the answer is
  // unknown, if the solver gave up.
  bool decide(const SymBool& claim, ProofResult& result) {
    const auto sat = query(in_range_ && !claim);
    if (sat == z3::unknown) result.answer = Answer::unknown;
    if (sat == z3::sat && !refutes(result))
      throw std::logic_error(std::string("the domains disagree on ") + step_->name());
    return sat != z3::unknown;
  }

  // The model is run in Concrete before anybody hears of it. Whether it violates the property.
  bool refutes(ProofResult& result) {
    const auto before = read_record<State<Concrete<S>>>(*model_, state_);
    const auto step = step_->read(*model_);
    auto after = before;
    if (!takes_effect(take<Concrete<S>>(k_, after, step)) ||
        (violated(k_, after, kAllProperties) >> result.property & 1) == 0)
      return false;
    result.answer = Answer::refuted;
    result.state = leaves_of<S>(before);
    result.counterexample = plain<S>(step);
    return true;
  }

  z3::check_result query(const SymBool& claim) {
    z3::solver solver = make_solver(options_.timeout_ms);
    solver.add(state_in_range<D>(state_).e);
    solver.add(step_->in_range().e);
    solver.add(all_hold(k_, state_, kAllProperties).e);
    solver.add(effective(verdict_).e);
    solver.add(claim.e);
    const auto result = check(solver, options_.stop);
    model_.reset();
    if (result == z3::sat) model_ = solver.get_model();
    return result;
  }

  const Profile& k_;
  const ProveOptions& options_;
  std::size_t kind_;
  State<D> state_;
  std::unique_ptr<SymbolicStep<S>> step_;
  SymNum verdict_;
  State<D> after_;
  SymBool in_range_;  // the state after the step is within its ranges
  std::optional<z3::model> model_;
};

inline bool is_wanted(const ProveOptions& options, std::size_t kind) {
  return options.only_step.empty() || options.only_step == step_infos()[kind].name;
}

template <Scope S>
std::vector<ProofResult> prove_step(const Profile& k, const ProveOptions& options,
                                    std::size_t kind) {
  if (!is_wanted(options, kind)) return {};
  auto step = SymbolicStep<S>::make(kind, numbered("op"));
  const bool out_of_scope = step->is_out_of_scope();
  if (out_of_scope) return everything(options, kind, Answer::out_of_scope, 0);
  return StepProof<S>(k, options, kind, std::move(step)).run();
}

template <Scope S>
StepFormulas step_formulas(const Profile& k, std::size_t kind) {
  using D = Symbolic<S>;
  State<D> s = fresh_state<D>("s");
  const auto step = SymbolicStep<S>::make(kind, numbered("op"));
  const SymNum verdict = step->check(k, s);
  StepFormulas out;
  out.state = leaves_of<D>(s);
  out.step = step->leaves();
  out.in_range.push_back(step->in_range().e);
  step->apply(k, s, verdict);
  out.stays.push_back(state_in_range<D>(s).e);
  fit(s);
  out.after = leaves_of<D>(s);
  out.verdict.push_back(verdict.at_width(std::bit_width(kVerdicts)));
  return out;
}

template <Scope S>
StateFormulas state_formulas(const Profile& k) {
  using D = Symbolic<S>;
  const State<D> s = fresh_state<D>("s");
  StateFormulas out;
  out.state = leaves_of<D>(s);
  out.in_range.push_back(state_in_range<D>(s).e);
  for_each_property(kAllProperties, [&]<std::size_t I, class Property>() {
    out.holds.push_back(judge<Property>(k, s).holds.e);
  });
  return out;
}

template <Scope S>
ProofReport prove(const Profile& k, const ProveOptions& options) {
  const auto start = Clock::now();
  ProofReport report;
  report.given.assign(kClaims, Answer::out_of_scope);
  std::array<std::vector<ProofResult>, kSteps> results;
  std::array<std::exception_ptr, 16> failures{};
  std::atomic<std::size_t> next{0};
  std::mutex telling;
  const auto settle = [&](std::size_t kind) {
    // What is not begun by then costs no formula.
    if (options.stop.stop_requested() && is_wanted(options, kind))
      results[kind] = everything(options, kind, Answer::unknown, 0);
    else if (!interruptibly(options.stop,
                            [&] { results[kind] = prove_step<S>(k, options, kind); }) &&
             results[kind].empty() && is_wanted(options, kind))
      results[kind] = everything(options, kind, Answer::unknown, 0);
    if (!options.each_step || results[kind].empty()) return;
    const std::scoped_lock lock(telling);
    options.each_step(results[kind]);
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned t = 0; t < options.threads && t < failures.size(); ++t)
      workers.emplace_back([&, t] {
        try {
          // Which claims are given is the first task: the longest, and of no one step.
          for (std::size_t task; (task = next++) <= kSteps;) {
            if (task != 0)
              settle(task - 1);
            else if (options.only_step.empty())
              interruptibly(options.stop, [&] { report.given = GivenClaims<S>(k, options).run(); });
          }
        } catch (...) {
          failures[t] = std::current_exception();
        }
      });
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);

  report.initial_bad = violated(k, initial_state<Concrete<S>>(), options.properties);
  for (auto& r : results) report.results.insert(report.results.end(), r.begin(), r.end());
  report.seconds = ms_since(start) / 1000;
  return report;
}

}  // namespace hmm
