#pragma once
#include <algorithm>
#include <cassert>
#include <cstdint>

#include "model/run.h"

// The instances of the steps at a scope: every value of every field.
namespace hmm {

template <class D, std::size_t F = 0, class S, class Visit>
__attribute__((always_inline)) inline void for_each_instance(S& step, Visit& visit) {
  if constexpr (F == S::fields().size) {
    visit(static_cast<const S&>(step));
  } else {
    constexpr auto f = field_number<F>(S::fields());
    constexpr Range range = range_of(f.sort, D::scope);
    for (unsigned v = range.first; v < range.first + range.count; ++v) {
      set_leaf(step.*f.at, v);
      for_each_instance<D, F + 1>(step, visit);
    }
  }
}

// How many there are of one step.
template <class D, class S>
constexpr std::size_t instances() {
  if (is_out_of_scope<S>(D::scope)) return 0;
  return S::fields().apply(
      [](const auto&... f) { return (std::size_t{1} * ... * range_of(f.sort, D::scope).count); });
}

// How many there are of all steps.
template <class D>
constexpr std::size_t step_instances() {
  std::size_t n = 0;
  for_each_step_kind([&](auto kind) { n += instances<D, StepOfKind<kind, D>>(); });
  return n;
}

// The n-th of them, in the order of for_each_instance().
template <class D, class S>
S instance(std::size_t n) {
  assert((n < instances<D, S>()));
  S step{};
  [&]<std::size_t... F>(std::index_sequence<F...>) {
    constexpr std::size_t last = sizeof...(F);
    const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr auto f = field_number<last - 1 - I>(S::fields());
      constexpr Range range = range_of(f.sort, D::scope);
      const auto v = static_cast<unsigned>(range.first + n % std::max(range.count, 1u));
      n /= std::max(range.count, 1u);
      set_leaf(step.*f.at, v);
    };
    (one(std::integral_constant<std::size_t, F>{}), ...);
  }
  (std::make_index_sequence<S::fields().size>{});
  return step;
}

// Calls visit(step, index of its kind) for every instance of every step.
template <class D, class Visit>
void for_each_step(Visit&& visit) {
  for_each_step_kind([&](auto kind) {
    using One = StepOfKind<kind, D>;
    if constexpr (!is_out_of_scope<One>(D::scope)) {
      One step{};
      auto each = [&](const auto& s) { visit(s, kind()); };
      for_each_instance<D>(step, each);
    }
  });
}

}  // namespace hmm
