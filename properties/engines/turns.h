#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "model/plain.h"
#include "model/wants.h"
#include "properties/engines/enumerate.h"
#include "properties/engines/standing.h"

// Whose turn a step is: of what is in flight, or of who tries again. For liveness, which asks what
// becomes of them if nobody begins anything else.
namespace hmm {

// The tables of Flights.
inline constexpr std::array<Size, 5> kFlightTables{&Scope::cpu_faults, &Scope::device_faults,
                                                   &Scope::migrations, &Scope::invalidations,
                                                   &Scope::holds};

constexpr bool is_flight_table(Size table) {
  return std::find(kFlightTables.begin(), kFlightTables.end(), table) != kFlightTables.end();
}
constexpr unsigned flight_bit(Size table, unsigned slot, const Scope& s) {
  for (const Size one : kFlightTables) {
    if (one == table) break;
    slot += s.*one;
  }
  return slot;
}
// Of who has looked a device's struct dev_pagemap up: they come last.
constexpr unsigned lookup_bit(unsigned device, const Scope& s) {
  for (const Size one : kFlightTables) device += s.*one;
  return device;
}
// All of a table.
constexpr Flights flight_bits(Size table, const Scope& s) {
  return ((Flights{1} << s.*table) - 1) << flight_bit(table, 0, s);
}

template <class S>
constexpr bool has_slots() {
  return S::fields().apply([](const auto&... f) { return ((f.sort.noun == Noun::slot) || ...); });
}
// The step gives back a page that somebody holds: whose hold it is, it does not say.
template <class D, class S>
constexpr bool ends_a_hold = std::is_same_v<S, UnpinUserPage<D>>;
// Who looked a struct dev_pagemap up is done with it.
template <class D, class S>
constexpr bool ends_a_lookup = std::is_same_v<S, PutDevPagemap<D>>;
// The step can be anybody's turn.
template <class D, class S>
constexpr bool takes_turns() {
  return has_slots<S>() || requires { S::retrier; }
  || ends_a_hold<D, S> || ends_a_lookup<D, S>;
}
// The step goes on with what is in flight, where others begin it: where nothing is, it says so
// before all else.
template <class D, class S>
bool continues() {
  static const bool is_so = [] {
    const Verdict verdict = verdict_of<D>(Profile{}, initial_state<D>(), S{});
    return verdict == Verdict::not_in_flight || verdict == Verdict::wrong_stage ||
           verdict == Verdict::not_held;
  }();
  return is_so;
}

// The step is of a device's walk.
template <class S>
constexpr bool walks() {
  return S::fields().apply([](const auto&... f) {
    return ((f.sort.noun == Noun::slot && f.sort.of == &Scope::device_faults) || ...);
  });
}
template <class S>
constexpr bool names_flights_only() {
  return S::fields().apply([](const auto&... f) {
    return ((f.sort.noun != Noun::slot || is_flight_table(f.sort.of)) && ...);
  });
}
// The slots that the step names.
template <class D, class S>
Flights slots_of(const S& step) {
  static_assert(names_flights_only<S>(), "a table of slots that kFlightTables has not");
  Flights slots = 0;
  for_each_field<S>([&](const auto& f) {
    if (f.sort.noun == Noun::slot)
      slots |= Flights{1} << flight_bit(f.sort.of, unsigned{leaf_value(step.*f.at)}, D::scope);
  });
  return slots;
}

// Those that are in flight.
template <class D>
Flights flights_of(const State<D>& s) {
  Flights flights = 0;
  const auto note = [&](Size table, auto busy) {
    for (unsigned i = 0; i < D::scope.*table; ++i)
      flights |= Flights{busy(i)} << flight_bit(table, i, D::scope);
  };
  note(&Scope::cpu_faults,
       [&](unsigned i) { return !is<D>(s.cpu_fault.slot[i].stage, CpuFaultStage::idle); });
  note(&Scope::device_faults,
       [&](unsigned i) { return !is<D>(s.device_fault.slot[i].stage, DeviceFaultStage::idle); });
  note(&Scope::migrations,
       [&](unsigned i) { return !is<D>(s.migration.slot[i].stage, MigrationStage::idle); });
  note(&Scope::invalidations,
       [&](unsigned i) { return !is_op<D>(s.invalidation.slot[i], RangeOp::none); });
  note(&Scope::holds, [&](unsigned i) { return s.gup.slot[i].pfn != typename D::Num(0); });
  if (D::scope.regions != 0)
    for (unsigned d = 0; d < D::scope.devices; ++d)
      flights |= Flights{s.pagemap.at(typename D::Num(d)).looked_up} << lookup_bit(d, D::scope);
  return flights;
}

// A state, as turns are told there.
template <class D>
class Turns {
 public:
  Turns(const Profile& k, const State<D>& s, const std::vector<Want>& wants)
      : k_(k), s_(s), wants_(wants), tried_(wants), in_flight_(flights_of<D>(s)) {
    for (std::size_t w = 0; w < wants.size(); ++w) {
      if (is_pending<D>(k, s, wants[w])) pending_ |= WantSet{1} << w;
      tried_[w].vpn = tried_page(wants[w]);
    }
    for (unsigned i = 0; i < D::scope.device_faults; ++i) {
      const HmmRangeFault<D> walk{.slot = typename D::Num(i)};
      if (verdict_of<D>(k, s, walk) == Verdict::needs_fault)
        faulting_ |= Flights{1} << flight_bit(&Scope::device_faults, i, D::scope);
    }
    note_served();
  }

  Flights in_flight() const { return in_flight_; }
  WantSet pending() const { return pending_; }

  // Of a step that takes effect here.
  template <class S>
  Turn of(const S& step) const {
    Turn turn;
    if constexpr (has_slots<S>()) turn.flights = slots_of<D>(step) & in_flight_;
    if constexpr (ends_a_hold<D, S>)
      turn.flights = flight_bits(&Scope::holds, D::scope) & in_flight_;
    if constexpr (ends_a_lookup<D, S>)
      turn.flights = Flights{1} << lookup_bit(step.device.v, D::scope) & in_flight_;
    if constexpr (requires { S::retrier; })
      if (turn.flights == 0) return begun(step);
    for (unsigned bit = 0; bit < kFaultBits; ++bit)
      if ((turn.flights >> bit & 1) != 0) turn.wants |= served_[bit];
    return turn;
  }

  // The step, which takes effect so, ends an access for good.
  template <class S>
  bool ends(const S&, Verdict verdict) const {
    // The worker begins anew.
    return ends_access(verdict) && (k_.worker_passes_over_failures || !walks<S>());
  }

  // Who would go on by the step, which is rejected, if there were more memory, or room in the scope
  // for more.
  template <class S>
  Actors lacking(const S& step, Verdict verdict) const {
    if (!lacks_room(verdict)) return 0;
    if (continues<D, S>()) return slots_of<D>(step) & in_flight_;
    Turn turn;
    if constexpr (requires { S::retrier; }) turn = begun(step);
    return actors_of(turn.flights, turn.wants);
  }

  // What is assumed of drivers, and so is nobody's turn (SwitchGroup::policy). One that is able to
  // gives a page back to the CPU, as soon as there is memory for it; one whose device only wants
  // access does not ask to be alone; and who holds a page gives it back, though they may write to
  // it before.
  template <class S>
  bool is_left_out(const S& step) const {
    if constexpr (std::is_same_v<S, MakeDeviceExclusiveRange<D>> || std::is_same_v<S, HoldStore<D>>)
      return true;
    if constexpr (ends_a_hold<D, S> || ends_a_lookup<D, S>) return !k_.holder_lets_go;
    if constexpr (std::is_same_v<S, LeaveDstEmpty<D>>) {
      if (!k_.driver_gives_pages_back || s_.migration.at(step.slot).to_device) return false;
      bool can_copy = false;
      for_each<D, sort::pfn>([&](unsigned pfn) {
        const AllocAndCopy<D> copy{.slot = step.slot, .vpn = step.vpn, .pfn = pfn};
        const Verdict verdict = verdict_of<D>(k_, s_, copy);
        can_copy = can_copy || verdict == Verdict::ok || verdict == Verdict::no_free_page;
      });
      return can_copy;
    }
    return false;
  }

 private:
  // Faults come first among flights.
  static constexpr unsigned kFaultBits = flight_bit(&Scope::migrations, 0, D::scope);

  // The page that is tried for the want.
  unsigned tried_page(const Want& want) const {
    if (want.by != Retrier::device || k_.worker_passes_over_failures) return want.vpn;
    using Num = typename D::Num;
    unsigned vpn = 0;
    while (vpn < want.vpn && s_.mirror.at(Num(want.device), Num(want.mm), Num(vpn)).valid) ++vpn;
    return vpn;
  }

  // Whose access each fault in flight is.
  void note_served() {
    for (std::size_t w = 0; w < tried_.size(); ++w) {
      const Want& want = tried_[w];
      const auto is_at = [&](const auto& f) { return f.mm.v == want.mm && f.vpn.v == want.vpn; };
      const auto note = [&](bool is_so, unsigned bit) {
        if (is_so && (pending_ >> w & 1) != 0) served_[bit] |= WantSet{1} << w;
      };
      for (unsigned i = 0; i < D::scope.cpu_faults; ++i)
        note(want.by == Retrier::cpu && is_at(s_.cpu_fault.slot[i]),
             flight_bit(&Scope::cpu_faults, i, D::scope));
      for (unsigned i = 0; i < D::scope.device_faults; ++i) {
        const auto& f = s_.device_fault.slot[i];
        note(want.by == Retrier::device && is_at(f) && f.device.v == want.device &&
                 f.want_write == want.write,
             flight_bit(&Scope::device_faults, i, D::scope));
      }
    }
  }

  // mm/hmm.c hmm_vma_fault(): a walk that needs a fault has it handled.
  template <class S>
  Turn begun(const S& step) const {
    Turn turn;
    if constexpr (S::retrier == Retrier::cpu)
      for (unsigned i = 0; i < D::scope.device_faults; ++i) {
        const Flights bit = Flights{1} << flight_bit(&Scope::device_faults, i, D::scope);
        const auto& f = s_.device_fault.slot[i];
        if ((faulting_ & bit) != 0 && f.mm == step.mm && f.vpn == step.vpn) turn.flights |= bit;
      }
    for (std::size_t w = 0; w < wants_.size(); ++w)
      if ((pending_ >> w & 1) != 0 && tries<D>(k_, step, tried_[w])) turn.wants |= WantSet{1} << w;
    return turn;
  }

  const Profile& k_;
  const State<D>& s_;
  const std::vector<Want>& wants_;
  std::vector<Want> tried_;  // as they are tried here
  Flights in_flight_ = 0, faulting_ = 0;
  std::array<WantSet, std::max(1u, kFaultBits)> served_{};
  WantSet pending_ = 0;
};

// What goes on in the state, and why nothing else does.
template <class D>
Standing standing_of(const Profile& k, const State<D>& s, const Turns<D>& turns) {
  Standing out;
  out.in_flight = turns.in_flight();
  out.pending = turns.pending();
  for_each_step<D>([&](const auto& step, std::size_t) {
    using One = std::remove_cvref_t<decltype(step)>;
    if constexpr (takes_turns<D, One>()) {
      const Verdict verdict = verdict_of<D>(k, s, step);
      const Turn turn = turns.of(step);
      if (takes_effect(verdict)) {
        if ((turn.flights != 0 || turn.wants != 0) && !turns.is_left_out(step))
          out.moving.push_back({plain<D::scope>(Step<D>(step)), turn, turns.ends(step, verdict)});
      } else {
        out.lacking |= turns.lacking(step, verdict);
        if (waits(verdict))
          out.asleep |= actors_of(continues<D, One>() ? turn.flights : 0, turn.wants);
      }
    }
  });
  return out;
}

}  // namespace hmm
