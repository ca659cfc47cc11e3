#pragma once
#include <string>
#include <vector>

#include "model/domain/symbolic.h"
#include "properties/engines/check_all.h"
#include "properties/engines/enumerate.h"

// States and steps as solver variables, and back.
namespace hmm {

inline SymBool in_range(const SymBool& b, const Sort& sort, const Scope& s) {
  return sort.gate.is_open(s) ? SymBool(true) : !b;
}
inline SymBool in_range(const SymNum& n, const Sort& sort, const Scope& s) {
  const Range range = range_of(sort, s);
  const unsigned last = range.count == 0 ? 0 : range.last();
  SymBool in = true;
  if (last + 1 < 1u << n.width()) in = n < SymNum(last + 1);
  for (unsigned v = 0; v <= last; ++v)
    if (!has_enumerator(sort, v, s)) in = in && n != SymNum(v);
  return in;
}
// A field of a step takes no value outside its range; a state's field also 0, which is "none".
inline SymBool in_step_range(const SymBool& b, const Sort& sort, const Scope& s) {
  return in_range(b, sort, s);
}
inline SymBool in_step_range(const SymNum& n, const Sort& sort, const Scope& s) {
  const Range range = range_of(sort, s);
  if (range.count == 0) return false;
  return in_range(n, sort, s) && !(n < SymNum(range.first));
}

inline void make_variable(SymBool& leaf, const std::string& name, unsigned) {
  leaf = SymBool(smt().bool_const(name.c_str()));
}
inline void make_variable(SymNum& leaf, const std::string& name, unsigned width) {
  leaf = SymNum(smt().bv_const(name.c_str(), width));
}

// A state of free variables named prefix.0, prefix.1, ... in leaf order. Tables that the scope has
// no rows for keep one blank row, which is no variable.
template <class D>
State<D> fresh_state(const std::string& prefix) {
  State<D> s{};
  unsigned i = 0;
  for_each_leaf(
      [&](auto& leaf, const Sort& sort) {
        make_variable(leaf, prefix + "." + std::to_string(i++), width_of(sort, D::scope));
      },
      s);
  for_each_field<State<D>>([&](const auto& f) {
    using Table = std::remove_cvref_t<decltype(s.*f.at)>;
    if constexpr (is_grid<Table>)
      if constexpr (Table::has_none) s.*f.at = Table{};
  });
  return s;
}

// Of a state that is not fitted yet this says whether it will be itself afterwards.
template <class D>
SymBool state_in_range(const State<D>& s) {
  SymBool all = true;
  for_each_leaf(
      [&](const auto& leaf, const Sort& sort) { all = all && in_range(leaf, sort, D::scope); }, s);
  return all;
}
template <class D, class S>
SymBool step_in_range(const S& step) {
  SymBool all = true;
  for_each_leaf(
      [&](const auto& leaf, const Sort& sort) { all = all && in_step_range(leaf, sort, D::scope); },
      step);
  return all;
}
inline void narrow(SymBool&, unsigned) {}
inline void narrow(SymNum& leaf, unsigned width) { leaf = leaf.narrowed(width); }

// Sums have grown wider than their fields; brings every leaf back to its width.
template <class D>
void fit(State<D>& s) {
  for_each_leaf([](auto& leaf, const Sort& sort) { narrow(leaf, width_of(sort, D::scope)); }, s);
}

// The formula of a leaf, at its field's width.
inline z3::expr leaf_expr(const SymBool& leaf, unsigned) { return leaf.e; }
inline z3::expr leaf_expr(const SymNum& leaf, unsigned width) { return leaf.at_width(width); }

template <class D>
SymBool all_hold(const Profile& k, const State<D>& s, PropertySet wanted) {
  SymBool all = true;
  for_each_property(
      wanted, [&]<std::size_t I, class Property>() { all = all && judge<Property>(k, s).holds; });
  return all;
}

// By claim: whether it is given somewhere in the state.
template <class D>
std::vector<SymBool> claims_given(const Profile& k, const State<D>& s) {
  std::vector<SymBool> given;
  for_each_property(kAllProperties, [&]<std::size_t I, class Property>() {
    for (const SymBool& one : judge<Property>(k, s).given) given.push_back(one);
  });
  return given;
}

inline SymBool effective(const SymNum& verdict) {
  return verdict < SymNum(static_cast<unsigned>(kFirstRejection));
}

// The value that a model gives a leaf.
inline void read_leaf(const z3::model& m, const SymBool& from, bool& to) {
  to = m.eval(from.e, true).is_true();
}
inline void read_leaf(const z3::model& m, const SymNum& from, Small& to) {
  to = from.e ? static_cast<unsigned>(m.eval(*from.e, true).get_numeral_uint64())
              : static_cast<unsigned>(from.literal);
}
template <class C, class R>
C read_record(const z3::model& m, const R& symbolic) {
  C concrete{};
  for_each_leaf([&](auto& to, const auto& from, const Sort&) { read_leaf(m, from, to); }, concrete,
                symbolic);
  return concrete;
}

// Bit-blasting is what these formulas want: small vectors, no arithmetic to speak of.
inline z3::solver make_solver(unsigned timeout_ms) {
  z3::context& c = smt();
  const z3::tactic t = z3::tactic(c, "simplify") & z3::tactic(c, "propagate-values") &
                       z3::tactic(c, "solve-eqs") & z3::tactic(c, "bit-blast") &
                       z3::tactic(c, "sat");
  z3::solver solver = t.mk_solver();
  z3::params p(c);
  p.set("timeout", timeout_ms);
  solver.set(p);
  return solver;
}

}  // namespace hmm
