#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "model/domain/enumerators.h"

// What a call comes back with.
namespace hmm {

enum class Outcome {
  ok,
  value,  // a load's
  sigsegv,
  sigbus,
  eperm,
  enoent,
  eagain,
  enomem,
  efault,
  ebusy,
  einval,
  eopnotsupp,
  hangs,  // never returns
  oops,   // the kernel dies of it
  held,   // stopped on its way, and goes on when it is called again
  waits,  // for a lock that a held call has; did nothing yet, and is called again
};
// How a call that came back with it went.
enum class Ending { success, signal, error, no_return, under_way };

struct OutcomeRow {
  Outcome outcome;
  std::string_view name;
  Ending ending;
};
// In the order of Outcome.
inline constexpr std::array kOutcomes{OutcomeRow{Outcome::ok, "ok", Ending::success},
                                      OutcomeRow{Outcome::value, "value", Ending::success},
                                      OutcomeRow{Outcome::sigsegv, "SIGSEGV", Ending::signal},
                                      OutcomeRow{Outcome::sigbus, "SIGBUS", Ending::signal},
                                      OutcomeRow{Outcome::eperm, "EPERM", Ending::error},
                                      OutcomeRow{Outcome::enoent, "ENOENT", Ending::error},
                                      OutcomeRow{Outcome::eagain, "EAGAIN", Ending::error},
                                      OutcomeRow{Outcome::enomem, "ENOMEM", Ending::error},
                                      OutcomeRow{Outcome::efault, "EFAULT", Ending::error},
                                      OutcomeRow{Outcome::ebusy, "EBUSY", Ending::error},
                                      OutcomeRow{Outcome::einval, "EINVAL", Ending::error},
                                      OutcomeRow{Outcome::eopnotsupp, "EOPNOTSUPP", Ending::error},
                                      OutcomeRow{Outcome::hangs, "hangs", Ending::no_return},
                                      OutcomeRow{Outcome::oops, "oops", Ending::no_return},
                                      OutcomeRow{Outcome::held, "held", Ending::under_way},
                                      OutcomeRow{Outcome::waits, "waits", Ending::under_way}};
static_assert(is_one_for_each<Outcome>(kOutcomes, &OutcomeRow::outcome));

constexpr const OutcomeRow& row_of(Outcome o) { return kOutcomes[static_cast<std::size_t>(o)]; }
constexpr std::string_view name_of(Outcome o) { return row_of(o).name; }
constexpr Ending ending_of(Outcome o) { return row_of(o).ending; }

// The most pages a call can return values of.
inline constexpr std::size_t kMaxCallPages = 8;

struct CallResult {
  Outcome outcome = Outcome::ok;
  // What the model cannot express; then nothing else is said, and the state is no longer the
  // kernel's.
  std::string_view unknown{};
  std::string_view held_at{};  // where a held call is stopped
  bool has_cpages = false, has_faults = false;
  unsigned cpages = 0, faults = 0;  // the driver's counters
  std::array<unsigned, kMaxCallPages> values{};
  std::size_t n_values = 0;

  constexpr CallResult() = default;
  constexpr CallResult(Outcome o) : outcome(o) {}
  constexpr void add_value(unsigned value) {
    if (n_values < kMaxCallPages) values[n_values++] = value;
  }
  constexpr bool is(Outcome o) const { return unknown.empty() && outcome == o; }
  constexpr bool ends_in(Ending e) const { return unknown.empty() && ending_of(outcome) == e; }
};

constexpr CallResult unknown_call(std::string_view what) {
  CallResult r;
  r.unknown = what;
  return r;
}
constexpr CallResult loaded(unsigned value) {
  CallResult r(Outcome::value);
  r.add_value(value);
  return r;
}

}  // namespace hmm
