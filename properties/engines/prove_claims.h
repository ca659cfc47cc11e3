#pragma once
#include <algorithm>
#include <stdexcept>

#include "properties/engines/engines.h"
#include "properties/engines/interrupter.h"
#include "properties/engines/symbolic_state.h"

namespace hmm {

// Which claims are given in some state in range that has every property. One state gives many
// claims, so each query asks for a state that gives any of those that none has given yet.
template <Scope S>
class GivenClaims {
  using D = Symbolic<S>;

 public:
  GivenClaims(const Profile& k, const ProveOptions& options)
      : k_(k), options_(options), state_(fresh_state<D>("s")), given_(claims_given<D>(k, state_)) {
    for (std::size_t c = 0; c < kClaims; ++c) {
      const bool wanted = (options.properties >> kClaimInfos[c].property & 1) != 0;
      // What the scope has none of is not even a formula.
      answers_[c] = wanted && !given_[c].e.is_false() ? Answer::unknown : Answer::out_of_scope;
    }
  }

  std::vector<Answer> run() {
    for (;;) {
      const auto result = query();
      if (result == z3::sat) {
        note();
        continue;
      }
      if (result == z3::unsat)
        std::replace(answers_.begin(), answers_.end(), Answer::unknown, Answer::vacuous);
      return answers_;
    }
  }

 private:
  z3::check_result query() {
    SymBool any = false;
    for (std::size_t c = 0; c < kClaims; ++c)
      if (answers_[c] == Answer::unknown) any = any || given_[c];
    z3::solver solver = make_solver(options_.timeout_ms);
    solver.add(state_in_range<D>(state_).e);
    solver.add(all_hold(k_, state_, kAllProperties).e);
    solver.add(any.e);
    const auto result = check(solver, options_.stop);
    if (result == z3::sat) model_ = solver.get_model();
    return result;
  }

  // The model's state is judged in Concrete, as a refutation is.
  void note() {
    const auto s = read_record<State<Concrete<S>>>(*model_, state_);
    ClaimCounts given{};
    bool news = false;
    const PropertySet bad = violated(k_, s, kAllProperties);
    count_given(k_, s, kAllProperties, given);
    for (std::size_t c = 0; c < kClaims; ++c)
      if (given[c] != 0 && answers_[c] == Answer::unknown) {
        answers_[c] = Answer::proved;
        news = true;
      }
    if (bad != 0 || !news) throw std::logic_error("the domains disagree on which claims are given");
  }

  const Profile& k_;
  const ProveOptions& options_;
  State<D> state_;
  std::vector<SymBool> given_;
  std::vector<Answer> answers_ = std::vector<Answer>(kClaims);
  std::optional<z3::model> model_;
};

}  // namespace hmm
