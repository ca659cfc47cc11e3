#pragma once
#include "model/field_edit.h"
#include "model/state.h"

// What an edit makes of what a step did.
namespace hmm {

template <class Row, class Leaf>
void edit_number(const FieldEdit& edit, const Row& before, Row& after, Leaf Row::*at) {
  auto& to = after.*at;
  const auto less = ite(to == Leaf(0), to, to - Leaf(1));
  const auto other = edit.kind == FieldEdit::Kind::one_more ? Leaf(to + Leaf(1)) : Leaf(less);
  to = ite(to == before.*at, to, other);
}

template <class Row, class Value>
void swap_fields(const Row& before, Row& after, Value Row::*a, Value Row::*b) {
  const Row was = after;
  const auto kept = same(before.*a, was.*a) && same(before.*b, was.*b);
  after.*a = ite_record(kept, was.*a, was.*b);
  after.*b = ite_record(kept, was.*b, was.*a);
}

template <class Row>
void edit_row(const FieldEdit& edit, const Row& before, Row& after) {
  for_each_field<Row>([&](const auto& f) {
    using Value = std::remove_cvref_t<decltype(after.*f.at)>;
    if (edit.field != f.name) return;
    if (edit.kind != FieldEdit::Kind::swapped) {
      if constexpr (!Truth<Value> && !Composite<Value>) edit_number(edit, before, after, f.at);
      return;
    }
    for_each_field<Row>([&](const auto& g) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(after.*g.at)>, Value>)
        if (edit.other == g.name) swap_fields(before, after, f.at, g.at);
    });
  });
}

// `after` is what the text of the edit's step made of `before`.
template <class D>
[[gnu::cold, gnu::noinline]] void edit_fields(const FieldEdit& edit, const State<D>& before,
                                              State<D>& after) {
  for_each_field<State<D>>([&](const auto& table) {
    using Table = std::remove_cvref_t<decltype(after.*table.at)>;
    if (edit.table != table.name) return;
    const auto& from = before.*table.at;
    auto& to = after.*table.at;
    if constexpr (!is_grid<Table>) {
      edit_row(edit, from, to);
    } else if constexpr (!Table::has_none) {
      for (std::size_t i = 0; i < Table::size; ++i) edit_row(edit, from.slot[i], to.slot[i]);
    }
  });
}

}  // namespace hmm
