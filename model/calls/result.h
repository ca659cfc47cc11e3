#pragma once
#include <array>
#include <cstddef>
#include <string_view>

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
  hangs,  // never returns
  oops,   // the kernel dies of it
  held,   // stopped on its way, and goes on when it is called again
  waits,  // for a lock that a held call has; did nothing yet, and is called again
};
inline constexpr std::array<std::string_view, 15> kOutcomeNames = {
    "ok",     "value", "SIGSEGV", "SIGBUS", "EPERM", "ENOENT", "EAGAIN", "ENOMEM",
    "EFAULT", "EBUSY", "EINVAL",  "hangs",  "oops",  "held",   "waits"};
constexpr std::string_view name_of(Outcome o) { return kOutcomeNames[static_cast<std::size_t>(o)]; }

// The most pages a call can return values of.
inline constexpr std::size_t kMaxCallPages = 8;

struct CallResult {
  Outcome outcome = Outcome::ok;
  // What the model cannot express; then nothing else is said, and the state is no longer the
  // kernel's.
  std::string_view unknown{};
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
