#pragma once
#include <cassert>

#include "model/machine.h"
#include "model/run.h"

// Steps and states of a scope as what stands for them without it, and back.
namespace hmm {

template <Scope S>
PlainStep plain(const Step<Concrete<S>>& step) {
  PlainStep out{step.index(), {}};
  std::visit(
      [&](const auto& one) {
        for_each_field<std::remove_cvref_t<decltype(one)>>(
            [&](const auto& f) { out.values.push_back(leaf_value(one.*f.at)); });
      },
      step);
  return out;
}

template <Scope S>
Step<Concrete<S>> typed(const PlainStep& step) {
  assert(step.kind < kSteps);
  Step<Concrete<S>> out;
  for_each_step_kind([&](auto kind) {
    if (step.kind != kind) return;
    auto& to = out.template emplace<kind>();
    std::size_t i = 0;
    for_each_field<std::remove_cvref_t<decltype(to)>>(
        [&](const auto& f) { set_leaf(to.*f.at, step.values.at(i++)); });
  });
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
  auto visit = [&](const auto& x) { out.push_back(static_cast<std::uint8_t>(leaf_value(x))); };
  for_each_value(state, visit);
  return out;
}

template <Scope S>
State<Concrete<S>> state_of(const Leaves& leaves) {
  State<Concrete<S>> out{};
  std::size_t i = 0;
  auto visit = [&](auto& x) { set_leaf(x, leaves.at(i++)); };
  for_each_value(out, visit);
  assert(i == leaves.size());
  return out;
}

template <Scope S>
PlainSteps plain_steps(const std::vector<Step<Concrete<S>>>& steps) {
  PlainSteps out;
  for (const auto& step : steps) out.push_back(plain<S>(step));
  return out;
}

}  // namespace hmm
