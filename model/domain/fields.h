#pragma once
#include <concepts>
#include <cstddef>
#include <utility>

#include "model/domain/sort.h"

// The list of a record's fields.
namespace hmm {

template <class R, class T>
struct Field {
  const char* name;
  T R::*at;
  Sort sort;  // of its values; of a table's that has values and no records
};

// A truth value of some domain; a number has no negation.
template <class T>
concept Truth = requires(T t) {
  { !t } -> std::same_as<T>;
};
// A record, or a table.
template <class T>
concept Composite = requires {
  T::fields();
}
|| requires { T::size; };

// A flag, which a scope may have none of.
template <class R, Truth T>
constexpr Field<R, T> field(const char* name, T R::*at, Gate gate = kAlways) {
  return {name, at, {.gate = gate}};
}
// A number: what it names must be said.
template <class R, class T>
requires(!Truth<T> && !Composite<T>)  //
    constexpr Field<R, T> field(const char* name, T R::*at, const Sort& sort) {
  return {name, at, sort};
}
template <class R, Composite T>
constexpr Field<R, T> field(const char* name, T R::*at) {
  return {name, at, {}};
}

template <std::size_t I, class F>
struct FieldSlot {
  F field;
};

template <class Indexes, class... F>
struct FieldSlots;
template <std::size_t... I, class... F>
struct FieldSlots<std::index_sequence<I...>, F...> : FieldSlot<I, F>... {
  static constexpr std::size_t size = sizeof...(F);
  constexpr FieldSlots(F... f) : FieldSlot<I, F>{f}... {}
  // Calls all(field...) and gives what it gives.
  template <class All>
  [[gnu::always_inline]] constexpr decltype(auto) apply(All&& all) const {
    return all(static_cast<const FieldSlot<I, F>&>(*this).field...);
  }
};

// Fields{field(...), ...}. Not std::tuple, whose constructors take longer to compile than all that
// is done with the fields.
template <class... F>
struct Fields : FieldSlots<std::index_sequence_for<F...>, F...> {
  constexpr Fields(F... f) : FieldSlots<std::index_sequence_for<F...>, F...>(f...) {}
};

template <std::size_t I, class F>
constexpr F field_number(const FieldSlot<I, F>& slot) {
  return slot.field;
}

}  // namespace hmm
