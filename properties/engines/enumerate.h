#pragma once
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
