#pragma once
#include <cstdint>

#include "model/steps.h"

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
  }(std::make_index_sequence<kSteps>{});
}

// What the step would say, as a Verdict.
template <class D, class S>
Verdict verdict_of(const Profile& k, const State<D>& s, const S& step) {
  return static_cast<Verdict>(step.check(k, s).v);
}

// Takes the step if it takes effect. Its verdict either way.
template <class D, class S>
Verdict take(const Profile& k, State<D>& s, const S& step) {
  const auto v = step.check(k, s);
  if (takes_effect(static_cast<Verdict>(v.v))) step.apply(k, s, v);
  return static_cast<Verdict>(v.v);
}
template <class D>
Verdict take(const Profile& k, State<D>& s, const Step<D>& step) {
  return std::visit([&](const auto& one) { return take<D>(k, s, one); }, step);
}

// One process with nothing mapped, and devices that work.
template <class D>
State<D> initial_state() {
  State<D> s{};
  s.mm.slot[0].alive = true;
  return s;
}

}  // namespace hmm
