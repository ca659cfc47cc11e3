#pragma once
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "tools/runs/kernel_diff.h"

// Whether a user could tell two kernels apart: from where a step goes another way, both take the
// same steps on, each as far as it takes them, until something that a program can see differs.
namespace hmm {

struct Observed {
  std::string scope;
  PlainSteps steps;  // of the runs that go on from a difference, one with the fewest steps after it
  // `cpu_load reads 1, 2`, `SIGBUS`, `-EFAULT`, `pagemap mm=0 vpn=0: ...`: in the one and the
  // other.
  std::string what, a, b;
};

struct ObservedOptions {
  std::uint64_t max_pairs = 200'000;  // of states, one of each kernel
  std::stop_token stop;
};

struct ObservedResult {
  std::optional<Observed> found;
  std::uint64_t pairs = 0;   // that were looked at
  bool is_complete = false;  // there are no others, from these differences
};

// A load that returns other contents, a signal, an errno, or a line of /proc/PID/pagemap: which
// pages are there, their entries' types and that of a write, soft-dirty, and which are the same.
// The differences' runs are gone on from, breadth first.
ObservedResult observe(const std::vector<FoundDifference>& from, const Profile& a, const Profile& b,
                       const ObservedOptions& options);

}  // namespace hmm
