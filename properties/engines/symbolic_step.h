#pragma once
#include <cassert>
#include <functional>
#include <memory>

#include "properties/engines/symbolic_state.h"

namespace hmm {

// One step of the symbolic text, its fields variables, whichever step it is: what is done with
// steps is compiled once and not for each of them.
template <Scope S>
class SymbolicStep {
 public:
  using D = Symbolic<S>;
  // The name of the variable of the next field, which is of the sort.
  using Names = std::function<std::string(const Sort&)>;

  virtual ~SymbolicStep() = default;
  virtual const char* name() const = 0;
  virtual bool is_out_of_scope() const = 0;
  virtual SymNum check(const Profile& k, const State<D>& s) const = 0;
  virtual void apply(const Profile& k, State<D>& s, const SymNum& verdict) const = 0;
  virtual SymBool in_range() const = 0;
  virtual std::vector<z3::expr> leaves() const = 0;
  virtual Step<Concrete<S>> read(const z3::model& m) const = 0;

  // The `kind`-th of the steps.
  static std::unique_ptr<SymbolicStep> make(std::size_t kind, const Names& names);
};

// The leaves of a record as formulas, in leaf order.
template <class D, class R>
std::vector<z3::expr> leaves_of(const R& record) {
  std::vector<z3::expr> leaves;
  for_each_leaf(
      [&](const auto& leaf, const Sort& sort) {
        leaves.push_back(leaf_expr(leaf, width_of(sort, D::scope)));
      },
      record);
  return leaves;
}

template <Scope S, std::size_t I>
class OneSymbolicStep final : public SymbolicStep<S> {
  using D = Symbolic<S>;
  using Text = StepOfKind<I, D>;
  using Own = StepOfKind<I, Concrete<S>>;

 public:
  explicit OneSymbolicStep(const typename SymbolicStep<S>::Names& names) {
    for_each_leaf(
        [&](auto& leaf, const Sort& sort) { make_variable(leaf, names(sort), width_of(sort, S)); },
        step_);
  }
  static std::unique_ptr<SymbolicStep<S>> make(const typename SymbolicStep<S>::Names& names) {
    return std::make_unique<OneSymbolicStep>(names);
  }

  const char* name() const override { return Text::name; }
  bool is_out_of_scope() const override { return hmm::is_out_of_scope<Own>(S); }
  SymNum check(const Profile& k, const State<D>& s) const override { return step_.check(k, s); }
  void apply(const Profile& k, State<D>& s, const SymNum& verdict) const override {
    apply_step<D>(k, s, step_, verdict);
  }
  SymBool in_range() const override { return step_in_range<D>(step_); }
  std::vector<z3::expr> leaves() const override { return leaves_of<D>(step_); }
  Step<Concrete<S>> read(const z3::model& m) const override { return read_record<Own>(m, step_); }

 private:
  Text step_;
};

template <Scope S>
std::unique_ptr<SymbolicStep<S>> SymbolicStep<S>::make(std::size_t kind, const Names& names) {
  using Make = std::unique_ptr<SymbolicStep> (*)(const Names&);
  assert(kind < kSteps);
  static constexpr auto table = [] {
    std::array<Make, kSteps> makes{};
    for_each_step_kind([&](auto k) { makes[k] = &OneSymbolicStep<S, k>::make; });
    return makes;
  }();
  return table[kind](names);
}

// prefix.0, prefix.1, ...
inline std::function<std::string(const Sort&)> numbered(const std::string& prefix) {
  return [prefix, i = 0](const Sort&) mutable { return prefix + "." + std::to_string(i++); };
}

}  // namespace hmm
