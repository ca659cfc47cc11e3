#pragma once
#include "model/edit_fields.h"
#include "model/steps.h"

// How a run goes: where it starts, and what taking a step means.
namespace hmm {

// What the step would say, as a Verdict.
template <class D, class S>
Verdict verdict_of(const Profile& k, const State<D>& s, const S& step) {
  return static_cast<Verdict>(step.check(k, s).v);
}

// What a step that takes effect does: its text, and what the profile's edit makes of that.
template <class D, class S>
[[gnu::always_inline]] inline void apply_step(const Profile& k, State<D>& s, const S& step,
                                              const typename D::Num& verdict) {
  if (k.edit.is_of(S::name)) [[unlikely]] {
    const State<D> before = s;
    step.apply(k, s, verdict);
    edit_fields<D>(k.edit, before, s);
  } else {
    step.apply(k, s, verdict);
  }
}

// Takes the step if it takes effect. Its verdict either way.
template <class D, class S>
Verdict take(const Profile& k, State<D>& s, const S& step) {
  const auto v = step.check(k, s);
  if (takes_effect(static_cast<Verdict>(v.v))) apply_step<D>(k, s, step, v);
  return static_cast<Verdict>(v.v);
}
template <class D>
Verdict take(const Profile& k, State<D>& s, const Step<D>& step) {
  return std::visit([&](const auto& one) { return take<D>(k, s, one); }, step);
}

// One process with nothing mapped, and devices that work. What memory is there from the start lies
// where that of others cannot come.
template <class D>
State<D> initial_state() {
  State<D> s{};
  s.mm.slot[0].alive = true;
  for_each<D, sort::closing_device>([&](unsigned d) {
    if (d < D::scope.mirrors)
      s.subscription.update(
          [](Subscription<D>& sub) { sub.stage = num<D>(NotifierStage::inserted); },
          typename D::Num(d), typename D::Num(0));
  });
  for_each<D, sort::mapped_device>([&](unsigned d) {
    if (d >= D::scope.memories) return;
    const unsigned region = is_coherent_device(D::scope, d) ? platform_region(D::scope, d)
                                                            : region_above_limit(D::scope) - d;
    s.pagemap.slot[d].stage = num<D>(PagemapStage::live);
    s.pagemap.slot[d].region = typename D::Num(region);
  });
  return s;
}

}  // namespace hmm
