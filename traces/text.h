#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/steps.h"
#include "traces/input.h"

// Steps and states as text. What depends on the scope's sizes is known at run time here, so that
// only the two conversions at each end are templates.
namespace hmm {

// A step without its scope: which alternative of Step, and its values in the order of fields().
struct PlainStep {
  std::size_t kind = 0;
  std::vector<unsigned> values;
  friend auto operator<=>(const PlainStep&, const PlainStep&) = default;
};

struct FieldShape {
  std::string name;
  Kind kind;
};
struct StepShape {
  std::string name;
  std::vector<FieldShape> fields;
};
// In the order of Step's alternatives.
const std::vector<StepShape>& step_shapes();

// `name field=value ...`.
std::string print_step(const PlainStep& step);
// The fields may come in any order; each must come once.
PlainStep parse_step(const Scope& scope, std::string_view text, const Origin& at);

// A state without its scope: its leaves in the order of fields().
using Leaves = std::vector<std::uint8_t>;

// Some fields of one row of a state.
struct PlainRow {
  std::size_t table = 0;
  std::vector<unsigned> index;
  struct Value {
    std::size_t field;
    unsigned value;
    friend bool operator==(const Value&, const Value&) = default;
  };
  std::vector<Value> values;
  friend bool operator==(const PlainRow&, const PlainRow&) = default;
};

// The tables of a state at a scope.
class StateText {
 public:
  explicit StateText(const Scope& scope);

  // `table index=value ... field=value ...`. A slot of something in flight is called `slot`, as in
  // the steps; a field that is itself a table is written `covers[0]=1`.
  std::string print_row(const PlainRow& row) const;
  // The index must be complete, and one field or more be given.
  PlainRow parse_row(std::string_view text, const Origin& at) const;

  void set(Leaves& state, const PlainRow& row) const;
  // The fields of `row` as they are in the state.
  PlainRow read(const Leaves& state, const PlainRow& row) const;
  // The rows that are not blank, with the fields that are not zero.
  std::vector<PlainRow> rows(const Leaves& state) const;
  // One line for each row that changed: `pte mm=0 vpn=0: kind none -> present, pfn 0 -> 1`.
  std::vector<std::string> diff(const Leaves& before, const Leaves& after) const;

 private:
  struct Table {
    std::string name;
    std::vector<FieldShape> index;
    std::vector<FieldShape> fields;
    std::size_t rows;    // that an index reaches
    std::size_t offset;  // of the first row's first leaf
  };
  std::size_t offset_of(const PlainRow& row) const;
  std::vector<unsigned> index_of(const Table& table, std::size_t row) const;
  std::string print_index(std::size_t table, const std::vector<unsigned>& index) const;

  Scope scope_;
  std::vector<Table> tables_;
};

// A number, or the name of an enumerator.
std::string print_value(Kind kind, unsigned value);

template <Scope S>
PlainStep plain(const Step<Concrete<S>>& step) {
  PlainStep out{step.index(), {}};
  std::visit(
      [&](const auto& one) {
        for_each_field<std::remove_cvref_t<decltype(one)>>([&](const auto& f) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(one.*f.at)>, bool>)
            out.values.push_back(one.*f.at ? 1 : 0);
          else
            out.values.push_back((one.*f.at).v);
        });
      },
      step);
  return out;
}

template <Scope S>
Step<Concrete<S>> typed(const PlainStep& step) {
  Step<Concrete<S>> out;
  const auto one = [&]<std::size_t I>() {
    if (step.kind != I) return;
    auto& to = out.template emplace<I>();
    std::size_t i = 0;
    for_each_field<std::remove_cvref_t<decltype(to)>>([&](const auto& f) {
      const unsigned value = step.values.at(i++);
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(to.*f.at)>, bool>)
        to.*f.at = value != 0;
      else
        to.*f.at = value;
    });
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (one.template operator()<I>(), ...); }
  (std::make_index_sequence<kSteps>{});
  return out;
}

// As for_each_leaf(), with loops over the slots, which compile fast at any scope.
template <class T, class Visit>
void for_each_value(T& x, Visit& visit) {
  using Plain = std::remove_const_t<T>;
  if constexpr (is_grid<Plain>) {
    for (auto& row : x.slot) for_each_value(row, visit);
  } else if constexpr (Record<Plain>) {
    for_each_field<Plain>([&](const auto& f) { for_each_value(x.*f.at, visit); });
  } else {
    visit(x);
  }
}

template <Scope S>
Leaves leaves_of(const State<Concrete<S>>& state) {
  Leaves out;
  auto visit = [&](const auto& x) {
    if constexpr (std::is_same_v<decltype(x), const bool&>)
      out.push_back(x ? 1 : 0);
    else
      out.push_back(x.v);
  };
  for_each_value(state, visit);
  return out;
}

template <Scope S>
State<Concrete<S>> state_of(const Leaves& leaves) {
  State<Concrete<S>> out{};
  std::size_t i = 0;
  auto visit = [&](auto& x) {
    if constexpr (std::is_same_v<decltype(x), bool&>)
      x = leaves.at(i++) != 0;
    else
      x = unsigned{leaves.at(i++)};
  };
  for_each_value(out, visit);
  return out;
}

}  // namespace hmm
