#pragma once
#include <algorithm>
#include <cstdint>

#include "model/run.h"

// The instances of the steps at a scope: every value of every field.
namespace hmm {

template <class D, std::size_t F = 0, class S, class Visit>
__attribute__((always_inline)) inline void for_each_instance(S& step, Visit& visit) {
  if constexpr (F == std::tuple_size_v<decltype(S::fields())>) {
    visit(static_cast<const S&>(step));
  } else {
    constexpr auto f = std::get<F>(S::fields());
    constexpr Range range = range_of(f.kind, D::scope);
    for (unsigned v = range.first; v < range.first + range.count; ++v) {
      if constexpr (std::is_same_v<std::remove_reference_t<decltype(step.*f.at)>, bool>)
        step.*f.at = v != 0;
      else
        step.*f.at = v;
      for_each_instance<D, F + 1>(step, visit);
    }
  }
}

// How many there are of one step.
template <class D, class S>
constexpr std::size_t instances() {
  return std::apply(
      [](const auto&... f) { return (std::size_t{1} * ... * range_of(f.kind, D::scope).count); },
      S::fields());
}

// The n-th of them, in the order of for_each_instance().
template <class D, class S>
S instance(std::size_t n) {
  S step{};
  [&]<std::size_t... F>(std::index_sequence<F...>) {
    constexpr std::size_t last = sizeof...(F);
    const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr auto f = std::get<last - 1 - I>(S::fields());
      constexpr Range range = range_of(f.kind, D::scope);
      const auto v = static_cast<unsigned>(range.first + n % std::max(range.count, 1u));
      n /= std::max(range.count, 1u);
      if constexpr (std::is_same_v<std::remove_reference_t<decltype(step.*f.at)>, bool>)
        step.*f.at = v != 0;
      else
        step.*f.at = v;
    };
    (one(std::integral_constant<std::size_t, F>{}), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<decltype(S::fields())>>{});
  return step;
}

// Calls visit(step, index of its kind) for every instance of every step.
template <class D, class Visit>
void for_each_step(Visit&& visit) {
  const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    std::variant_alternative_t<I, Step<D>> step{};
    auto each = [&](const auto& s) { visit(s, I); };
    for_each_instance<D>(step, each);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::make_index_sequence<kSteps>{});
}

}  // namespace hmm
