#pragma once
#include <array>
#include <string_view>

#include "model/words.h"

namespace hmm {

// How a step ends. The first group takes effect: apply() changes the state, and the verdict says
// which way the kernel went. The second group rejects: the step changes nothing, because the kernel
// would wait, fail, or never get there.
enum class Verdict : unsigned {
  // Takes effect.
  ok,
  retry,     // the walk was overtaken: -EBUSY, or read_retry true
  efault,    // -EFAULT to the device's caller
  eperm,     // -EPERM: a write was asked of a vma without VM_WRITE
  sigbus,    // VM_FAULT_SIGBUS
  restored,  // the page could not be unmapped and stands where it was
  refused,   // the page is not migrated; finalize will restore it
  changed,   // the pte changed since it was read: drop what was prepared
  shared,    // the pinned page is copied for the child at once
  // Rejects.
  not_in_flight,
  slot_busy,
  wrong_stage,
  not_pending,
  still_pending,
  not_alive,
  mmap_lock_wait,
  no_vma,
  vma_exists,
  bad_range,
  no_permission,
  pte_not_none,
  not_private_entry,
  not_exclusive_entry,
  not_migration_entry,
  migration_entry_wait,
  needs_fault,
  not_cow,
  page_shared,
  page_not_shared,
  page_not_pinned,
  must_unshare,
  page_locked,
  page_is_free,
  page_in_use,
  no_free_page,
  wrong_zone,
  not_held,
  scope_limit,
  invalidating,
  no_mirror,
  device_failed,
  still_mapped,
  in_flight,
  wrong_place,
  region_taken,
  no_memory,
  pagemap_in_use,
  not_swap_entry,
};
inline constexpr Verdict kFirstRejection = Verdict::not_in_flight;
inline constexpr std::size_t kVerdicts = kEnumerators<Verdict>;

constexpr std::string_view name_of(Verdict v) { return enumerator_name(v); }
// What the verdict means, for people.
const char* sentence_of(Verdict v);
constexpr bool takes_effect(Verdict v) { return v < kFirstRejection; }
// Whoever is told so sleeps or spins until somebody else has gone on.
constexpr bool waits(Verdict v) {
  return v == Verdict::mmap_lock_wait || v == Verdict::migration_entry_wait ||
         v == Verdict::page_locked || v == Verdict::invalidating || v == Verdict::pagemap_in_use;
}
// What it lacks is a matter of sizes: of memory, or of what a scope has in flight at once.
constexpr bool lacks_room(Verdict v) {
  return v == Verdict::no_free_page || v == Verdict::slot_busy || v == Verdict::scope_limit;
}

// An ordered list of guards of the step `name`, each with its word; the first that fires decides,
// as the first check that fails decides in the kernel. `ok` when none does.
template <class D>
class Guards {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  Num verdict_{static_cast<unsigned>(Verdict::ok)};
  Bool decided_{false};
  DropsOf<D> dropped_;

 public:
  constexpr Guards(const Profile& k, std::string_view name) : dropped_(k, name) {}
  [[gnu::always_inline]] constexpr Guards& end_if(std::string_view word, const Bool& fires,
                                                  Verdict why) {
    note_rule<D>({dropped_.of(), word, RuleKind::guard, static_cast<unsigned>(why)});
    return dropped_.has(word) ? *this : end_if(fires, why);
  }
  constexpr Num verdict() const { return verdict_; }
  // As verdict(), of a step that ends in another way than `ok`.
  constexpr Num verdict(Verdict otherwise) { return end_if(true, otherwise).verdict_; }

 private:
  [[gnu::always_inline]] constexpr Guards& end_if(const Bool& fires, Verdict why) {
    verdict_ = ite(!decided_ && fires, Num(static_cast<unsigned>(why)), verdict_);
    decided_ = decided_ || fires;
    return *this;
  }
};

}  // namespace hmm
