#pragma once
#include <cstddef>
#include <utility>

#include "model/scope.h"

// The list of a record's fields.
namespace hmm {

template <class R, class T>
struct Field {
  const char* name;
  T R::*at;
  Kind kind;
};
template <class R, class T>
constexpr Field<R, T> field(const char* name, T R::*at, Kind kind = Kind::flag) {
  return {name, at, kind};
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
