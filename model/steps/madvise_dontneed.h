#pragma once
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// madvise(MADV_DONTNEED) opens its range: MMU_NOTIFY_CLEAR, with the mmap lock held for reading, so
// faults and migrations go on beside it.
//
// Kernel: mm/madvise.c madvise_dontneed_single_vma(), mm/memory.c zap_page_range_single().
template <class D>
struct MadviseDontneed {
  using Num = typename D::Num;
  static constexpr const char* name = "madvise_dontneed";
  static constexpr std::array verdicts{
      Verdict::ok,        Verdict::slot_busy,      Verdict::bad_range,
      Verdict::not_alive, Verdict::mmap_lock_wait, Verdict::no_vma};

  Num slot{};
  Num mm{};
  Num first{};
  Num last{};

  static constexpr auto fields() {
    return Fields{field("slot", &MadviseDontneed::slot, sort::invalidation),
                  field("mm", &MadviseDontneed::mm, sort::mm),
                  field("first", &MadviseDontneed::first, sort::vpn),
                  field("last", &MadviseDontneed::last, sort::vpn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("slot_busy", !slot_is_free<D>(s, slot), Verdict::slot_busy)
        .end_if("bad_range", last < first, Verdict::bad_range)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", madvise_waits<D>(k, s, mm, first, last), Verdict::mmap_lock_wait)
        .end_if("no_vma", !range_is_mapped<D>(s, mm, first, last), Verdict::no_vma)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    open_range<D>(does, s, slot, RangeOp::dontneed, mm, first, last);
  }
};

}  // namespace hmm
