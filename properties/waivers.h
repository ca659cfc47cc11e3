#pragma once
#include <array>
#include <string_view>

#include "model/verdict.h"

// *Sometimes* properties: every verdict of every step is reached at some explored scope, so that
// no rule is proved or explored about nothing; or it is waived here, by name, with a reason.
namespace hmm {

struct Waiver {
  std::string_view step;
  Verdict verdict;
  std::string_view reason;
};
inline constexpr std::array kWaivers = {
    Waiver{"mmu_interval_read_retry", Verdict::efault,
           "what leads there is the defect range_fault_ignores_write, which searches leave out"},
};
inline constexpr std::size_t kWaiverCount = kWaivers.size();

constexpr const Waiver* waiver_of(std::string_view step, Verdict verdict) {
  for (const auto& w : kWaivers)
    if (w.step == step && w.verdict == verdict) return &w;
  return nullptr;
}

}  // namespace hmm
