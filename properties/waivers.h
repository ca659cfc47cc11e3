#pragma once
#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "model/profile.h"
#include "model/verdict.h"

// *Sometimes* properties: every verdict of every step is reached at some explored scope, so that
// no rule is proved or explored about nothing; or it is waived here, by name, with a reason.
namespace hmm {

struct Waiver {
  std::string_view step;
  Verdict verdict;
  std::string_view reason;
  bool Profile::*where = nullptr;  // waived where the switch is as `on` says; null: everywhere
  bool on = false;
};
inline constexpr std::array kWaivers = {
    Waiver{"mmu_interval_read_retry", Verdict::efault,
           "what leads there is the defect range_fault_ignores_write, which searches leave out"},
    Waiver{"madvise_free", Verdict::bad_range,
           "no scope that is explored has MADV_FREE and shared memory; "
           "traces/corpus/madvise_free/bad_range.trace comes by it"},
    Waiver{"madvise_free", Verdict::mmap_lock_wait,
           "no scope that is explored has MADV_FREE and two ranges at once; "
           "traces/corpus/madvise_free/mmap_lock_wait.trace comes by it"},
    Waiver{"do_swap_page", Verdict::page_locked, "the fault takes no lock in this kernel",
           &Profile::fault_locks_page},
    Waiver{"migration_entry_wait", Verdict::ok, "this kernel waits without a reference",
           &Profile::migration_wait_takes_page_ref},
    Waiver{"migration_entry_wait_end", Verdict::ok, "this kernel waits without a reference",
           &Profile::migration_wait_takes_page_ref},
    Waiver{"migration_entry_wait_end", Verdict::page_locked,
           "this kernel waits without a reference", &Profile::migration_wait_takes_page_ref},
    Waiver{"mmu_interval_notifier_insert", Verdict::mmap_lock_wait,
           "this kernel puts off what is inserted while a range is open",
           &Profile::mmu_interval_notifier, true},
    Waiver{"mn_itree_inv_end", Verdict::ok, "it is one step with the end of the last range",
           &Profile::removal_waits_for_drain, true},
    Waiver{"dmirror_do_fault", Verdict::ok, "it is one step with mmu_interval_read_retry()",
           &Profile::commit_holds_lock, true},
    Waiver{"xe_migrate_clear", Verdict::ok, "memory is clear when it is put to use",
           &Profile::driver_waits_for_clear, true},
};

constexpr bool is_waived(const Waiver& w, const Profile& k) {
  return w.where == nullptr || k.*w.where == w.on;
}
constexpr const Waiver* waiver_of(std::string_view step, Verdict verdict, const Profile& k) {
  for (const auto& w : kWaivers)
    if (w.step == step && w.verdict == verdict && is_waived(w, k)) return &w;
  return nullptr;
}
// A kernel with the profile never takes the step: each of its verdicts that takes effect is waived
// for what a switch of the profile is.
constexpr bool does_without(std::string_view step, std::span<const Verdict> verdicts,
                            const Profile& k) {
  return std::all_of(verdicts.begin(), verdicts.end(), [&](Verdict v) {
    if (!takes_effect(v)) return true;
    const Waiver* waiver = waiver_of(step, v, k);
    return waiver != nullptr && waiver->where != nullptr;
  });
}
constexpr std::size_t waiver_count(const Profile& k) {
  std::size_t count = 0;
  for (const auto& w : kWaivers) count += is_waived(w, k) ? 1 : 0;
  return count;
}

}  // namespace hmm
